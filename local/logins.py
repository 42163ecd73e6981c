"""The logins of an embedded PostgreSQL: one for each role, none of which owns anything."""

from typing import Any, Final

import asyncpg

from domain.database.privileges import DatabaseRole

LOGINS: Final = {role: f"{role}_login" for role in DatabaseRole}
"""The login of each database role; access to the socket is enough, and no password is needed."""
_CREATE: Final = """do $$ begin create role {login} login in role {roles};
exception when duplicate_object or unique_violation then null; end $$"""


async def migrate_and_create_logins(url: str) -> None:
    """Migrates a database of the embedded server, and creates the logins that are missing."""
    from domain.database.connection import migrate  # noqa: PLC0415  # the supervisor knows the logins, and needs no models

    await migrate(url)
    connection = await asyncpg.connect(url)
    try:
        for role, login in LOGINS.items():
            await create_login(connection, login, role)
    finally:
        await connection.close()


async def create_login(connection: Any, login: str, *roles: DatabaseRole) -> None:
    """Creates a login with the privileges of these roles, unless it exists."""
    await connection.execute(_CREATE.format(login=login, roles=", ".join(roles)))
