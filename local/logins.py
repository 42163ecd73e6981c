"""Who connects to a PostgreSQL of our own: the programs, as users who own nothing."""

from typing import Any, Final

import asyncpg

from domain.database.privileges import DatabaseRole

LOGINS: Final = {role: f"{role}_login" for role in DatabaseRole}
"""The user that each role of the database is lent to; whoever reaches the socket needs no password."""
_MAKE: Final = """do $$ begin create role {login} login in role {roles};
exception when duplicate_object or unique_violation then null; end $$"""


async def migrate_and_let_in(url: str) -> None:
    """Brings a database of our own server to its newest form, and makes the users where they are missing."""
    from domain.database.connection import migrate  # noqa: PLC0415  # the supervisor knows the users, and needs no models

    await migrate(url)
    connection = await asyncpg.connect(url)
    try:
        for role, login in LOGINS.items():
            await make_login(connection, login, role)
    finally:
        await connection.close()


async def make_login(connection: Any, login: str, *roles: DatabaseRole) -> None:
    """Makes a user with the privileges of these roles."""
    await connection.execute(_MAKE.format(login=login, roles=", ".join(roles)))
