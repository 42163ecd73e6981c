"""The models open on one database after another: they are read by the first, and told of the connection by the others.

What Tortoise makes of the models is the same for every database, and costs 12 ms, more than many a test.
"""

from tortoise.context import TortoiseContext, get_current_context, set_global_context

from domain.database.connection import open_database, tortoise_config

_read: list[TortoiseContext] = []


async def open_models(url: str) -> None:
    """What `open_database` does; `close_database` closes it."""
    if not _read:
        await open_database(url)
        first = get_current_context()
        assert first
        _read.append(first)
        return
    [context] = _read
    await context.close_connections()
    context.__enter__()  # as Tortoise itself begins, for as long as the test lasts
    # There is no public way to tell a context of other connections, and keep its models.
    await context.connections._init(tortoise_config(url)["connections"], create_db=False)
    set_global_context(context)
