"""The privileges of each role of the database on each table: the whole list on one screen.

The tables belong to the user that migrates; the programs connect as users that own nothing. The roles here have
privileges but can't log in; users are members of them. `migrate` grants each role what is listed here and revokes
everything else.
"""

from enum import StrEnum
from typing import Any, Final

READ: Final = "select"
INSERT: Final = "select, insert"
WRITE: Final = "select, insert, update"
DELETE: Final = "select, insert, update, delete"
READ_NAMES: Final = "select (id, given_name, family_name, language)"
"""Of a person, the columns that mails need."""
UPDATE: Final = "select, update"
UPDATE_AUTHORS: Final = "select, update (created_by_id, sent_by_id)"
"""Of a document, who drew it up and who sent it: merging two people changes them."""
UPDATE_LINKERS: Final = "select, update (linked_by_id, ended_by_id)"
"""Of a link, who began and who ended it, likewise."""
NONE: Final = ""


class DatabaseRole(StrEnum):
    """The roles of the API, the worker and the operator's commands."""

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
    # A trigger inserts them, with the owner's privileges.
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
"""The privileges of the roles by table. Only mails that are no longer true, forgotten documents and the keys of erased
people are ever deleted."""

REVOKE_TEMPORARY: Final = "revoke temporary on database {name} from public"
"""Revokes what PostgreSQL grants to public in a new database; the owner keeps it."""

_CREATE_ROLE: Final = """do $$ begin create role {role} nologin;
exception when duplicate_object or unique_violation then null; end $$"""
_OWNED_DATABASE: Final = """select quote_ident(datname) from pg_database
  where datname = current_database() and pg_has_role(datdba, 'usage')"""
_CAN_CREATE_ROLES: Final = "select rolsuper or rolcreaterole from pg_roles where rolname = current_user"


async def grant_privileges(connection: Any) -> list[DatabaseRole]:
    """Grants every role its privileges, as the owner of the tables, and creates missing roles.

    If the owner of the tables also owns the database, revokes the privilege to create temporary tables from public.

    Roles belong to the whole server: several databases share them, and may create them at the same time.

    Returns:
        The roles that are still missing because the owner may not create any.
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
    # Only the database's owner can; otherwise `econtracting check` reports what is left to do.
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
