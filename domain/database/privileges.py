"""The privileges of each role of the database on each table: the whole list on one screen.

The tables belong to the login that migrates; the programs connect as others, which own nothing. A role here holds
privileges and can't log in; a login is made its member. `migrate` grants each role what is listed here and revokes
everything else.
"""

from enum import StrEnum
from typing import Any, Final

READ: Final = "select"
INSERT: Final = "select, insert"
WRITE: Final = "select, insert, update"
DELETE: Final = "select, insert, update, delete"
READ_NAMES: Final = "select (id, given_name, family_name, language)"
"""Of a person, what a mail says."""
UPDATE: Final = "select, update"
UPDATE_AUTHORS: Final = "select, update (created_by_id, sent_by_id)"
"""Of a document, who drew it up and who sent it, where two people turn out to be one."""
UPDATE_LINKERS: Final = "select, update (linked_by_id, ended_by_id)"
"""Of a group's link, who made and who ended it, likewise."""
NONE: Final = ""


class DatabaseRole(StrEnum):
    """Who connects: the API, the worker, and who runs the operator's commands."""

    API = "econtracting_api"
    WORKER = "econtracting_worker"
    OPERATOR = "econtracting_operator"


PRIVILEGES: Final[dict[str, tuple[str, str, str]]] = {
    # In the order of the roles: the API, the worker, the operator.
    "access_group": (WRITE, READ, READ),
    "access_mandate": (WRITE, READ, WRITE),
    "access_right": (WRITE, READ, WRITE),
    "access_right_role": (WRITE, READ, WRITE),
    "action": (WRITE, WRITE, WRITE),
    "assignment": (WRITE, WRITE, WRITE),
    "attachment": (WRITE, WRITE, READ),
    "audit_entry": (INSERT, INSERT, INSERT),
    # The database adds them itself, with its owner's privileges.
    "audit_link": (NONE, NONE, READ),
    "contract": (WRITE, READ, READ),
    "contract_type": (READ, READ, READ),
    "delivery": (WRITE, DELETE, DELETE),
    "document": (WRITE, WRITE, UPDATE_AUTHORS),
    "former_contract_type": (INSERT, NONE, NONE),
    "group_link": (WRITE, READ, UPDATE_LINKERS),
    "group_reference_level": (WRITE, READ, READ),
    "group_theme_level": (WRITE, READ, READ),
    "introduction": (WRITE, NONE, WRITE),
    "letter": (WRITE, WRITE, WRITE),
    "machine_client": (READ, NONE, WRITE),
    "membership": (WRITE, READ, WRITE),
    "message": (WRITE, READ, READ),
    "notification": (WRITE, WRITE, WRITE),
    "organisation": (WRITE, READ, WRITE),
    "person": (WRITE, READ_NAMES, WRITE),
    "personal_key": (WRITE, NONE, DELETE),
    # The demo's registers.
    "registered_enterprise": (READ, NONE, READ),
    "registered_person": (READ, NONE, UPDATE),
    "registered_representative": (READ, NONE, READ),
    "routing": (READ, WRITE, WRITE),
    "self_registration": (WRITE, READ, WRITE),
    "session": (WRITE, NONE, WRITE),
    "theme": (READ, READ, WRITE),
    # Every program compares the applied migrations with those that it needs.
    "tortoise_migrations": (READ, READ, READ),
    "trusted_document": (READ, NONE, DELETE),
    "work_relation": (WRITE, READ, WRITE),
    "work_relation_period": (WRITE, READ, WRITE),
}
"""Nothing is ever deleted but a mail that is no longer true, a document that is forgotten, and the key of somebody who
is erased."""

REVOKE_TEMPORARY: Final = "revoke temporary on database {name} from public"
"""Revokes what PostgreSQL grants to public in a new database; its owner keeps it."""

_CREATE_ROLE: Final = """do $$ begin create role {role} nologin;
exception when duplicate_object or unique_violation then null; end $$"""
_OWNED_DATABASE: Final = """select quote_ident(datname) from pg_database
  where datname = current_database() and pg_has_role(datdba, 'usage')"""
_CAN_CREATE_ROLES: Final = "select rolsuper or rolcreaterole from pg_roles where rolname = current_user"


async def grant_privileges(connection: Any) -> list[DatabaseRole]:
    """Grants every role its privileges, as the owner of the tables; creates the roles that are missing.

    As the owner of the database, too, it also revokes the privilege to create temporary tables from public.

    A role belongs to the whole server: several databases may create it at once, and share it.

    Returns:
        The roles that are missing because the owner may not create any; they have no privileges yet.
    """
    existing = {row["rolname"] for row in await connection.fetch("select rolname from pg_roles")}
    missing = [role for role in DatabaseRole if role not in existing]
    if missing and await connection.fetchval(_CAN_CREATE_ROLES):
        for role in missing:
            await connection.execute(_CREATE_ROLE.format(role=role))
        missing = []
    async with connection.transaction():
        for index, role in enumerate(DatabaseRole):
            if role not in missing:
                await _grant_to(connection, role, index)
    # The owner of the tables alone can't: `econtracting check` tells what is left to do.
    if owned := await connection.fetchval(_OWNED_DATABASE):
        await connection.execute(REVOKE_TEMPORARY.format(name=owned))
    return missing


async def _grant_to(connection: Any, role: DatabaseRole, index: int) -> None:
    for kind in ("tables", "sequences"):
        await connection.execute(f"revoke all on all {kind} in schema public from {role}")
    await connection.execute(f"grant usage on schema public to {role}")
    for table, privileges in PRIVILEGES.items():
        if privileges[index]:
            await connection.execute(f'grant {privileges[index]} on "{table}" to {role}')
        if "insert" in privileges[index]:
            sequence = await connection.fetchval("select pg_get_serial_sequence($1, 'id')", table)
            await connection.execute(f"grant usage on sequence {sequence} to {role}")
