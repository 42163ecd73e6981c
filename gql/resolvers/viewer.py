"""The viewer."""

from gql.context import Context
from gql.reading.sources import SOURCES, Record


async def viewer(context: Context) -> Record | None:
    """The viewer, or None when nobody is signed in."""
    if not context.actor.signed_in:
        return None
    return Record(source__=SOURCES["Viewer"], user_id=context.actor.user_id)
