"""What each role of the database may do with each table: the whole list on one screen.

The tables belong to whoever migrates; the programs connect as others, who own nothing. A role named here holds
privileges and can't sign in; a login is made its member. `migrate` gives each role what stands here and takes what
doesn't, so that a change here is a change there.
"""

from enum import StrEnum
from typing import Any, Final

READ: Final = "select"
ADD: Final = "select, insert"
CHANGE: Final = "select, insert, update"
DELETE: Final = "select, insert, update, delete"
NAMES: Final = "select (id, given_name, family_name, language)"
"""Of a person, what a mail says."""
RENEW: Final = "select, update"
SIGNED: Final = "select, update (created_by_id, sent_by_id)"
"""Of a document, who drew it up and who sent it, where two people turn out to be one."""
TIED: Final = "select, update (linked_by_id, ended_by_id)"
"""Of a group's link, who made and who ended it, likewise."""
NOTHING: Final = ""


class DatabaseRole(StrEnum):
    """Who connects: the API, the worker, and who runs the operator's commands."""

    API = "econtracting_api"
    WORKER = "econtracting_worker"
    OPERATOR = "econtracting_operator"


PRIVILEGES: Final[dict[str, tuple[str, str, str]]] = {
    # In the order of the roles: the API, the worker, the operator.
    "access_group": (CHANGE, READ, READ),
    "access_mandate": (CHANGE, READ, CHANGE),
    "access_right": (CHANGE, READ, CHANGE),
    "access_right_role": (CHANGE, READ, CHANGE),
    "action": (CHANGE, CHANGE, CHANGE),
    "assignment": (CHANGE, CHANGE, CHANGE),
    "attachment": (CHANGE, CHANGE, READ),
    "audit_entry": (ADD, ADD, ADD),
    # The database adds them itself, with its owner's privileges.
    "audit_link": (NOTHING, NOTHING, READ),
    "contract": (CHANGE, READ, READ),
    "contract_type": (READ, READ, READ),
    "delivery": (CHANGE, DELETE, DELETE),
    "document": (CHANGE, CHANGE, SIGNED),
    "group_link": (CHANGE, READ, TIED),
    "group_reference_level": (CHANGE, READ, READ),
    "group_theme_level": (CHANGE, READ, READ),
    "introduction": (CHANGE, NOTHING, CHANGE),
    "letter": (CHANGE, CHANGE, CHANGE),
    "machine_client": (READ, NOTHING, CHANGE),
    "membership": (CHANGE, READ, CHANGE),
    "message": (CHANGE, READ, READ),
    "notification": (CHANGE, CHANGE, CHANGE),
    "organisation": (CHANGE, READ, CHANGE),
    "person": (CHANGE, NAMES, CHANGE),
    "personal_key": (CHANGE, NOTHING, DELETE),
    # The demo's registers.
    "registered_enterprise": (READ, NOTHING, READ),
    "registered_person": (READ, NOTHING, RENEW),
    "registered_representative": (READ, NOTHING, READ),
    "routing": (READ, CHANGE, CHANGE),
    "self_registration": (CHANGE, READ, CHANGE),
    "session": (CHANGE, NOTHING, CHANGE),
    "theme": (READ, READ, CHANGE),
    # What was applied, which every program compares with what it was made for.
    "tortoise_migrations": (READ, READ, READ),
    "trusted_document": (READ, NOTHING, DELETE),
    "work_relation": (CHANGE, READ, CHANGE),
    "work_relation_period": (CHANGE, READ, CHANGE),
}
"""Nothing is ever deleted but a mail that is no longer true, a document that is forgotten, and the key of somebody who
is erased."""

NO_TEMPORARY_TABLES: Final = "revoke temporary on database {name} from public"
"""Takes from everybody what PostgreSQL gives everybody in a new database; its owner keeps it."""

_MAKE: Final = """do $$ begin create role {role} nologin;
exception when duplicate_object or unique_violation then null; end $$"""
_OWN: Final = """select quote_ident(datname) from pg_database
  where datname = current_database() and pg_has_role(datdba, 'usage')"""
_MAY_MAKE: Final = "select rolsuper or rolcreaterole from pg_roles where rolname = current_user"


async def grant(connection: Any) -> list[DatabaseRole]:
    """Gives every role its privileges, as the owner of the tables; makes the roles that are missing.

    Who owns the database, too, also takes from everybody else that they can make temporary tables in it.

    A role belongs to the whole server: several databases may make it at once, and share it.

    Returns:
        The roles that are missing because the owner may make none; they have no privileges yet.
    """
    known = {row["rolname"] for row in await connection.fetch("select rolname from pg_roles")}
    missing = [role for role in DatabaseRole if role not in known]
    if missing and await connection.fetchval(_MAY_MAKE):
        for role in missing:
            await connection.execute(_MAKE.format(role=role))
        missing = []
    async with connection.transaction():
        for place, role in enumerate(DatabaseRole):
            if role not in missing:
                await _grant_to(connection, role, place)
    # Whoever owns the tables alone can't: `econtracting check` tells what is left to do.
    if own := await connection.fetchval(_OWN):
        await connection.execute(NO_TEMPORARY_TABLES.format(name=own))
    return missing


async def _grant_to(connection: Any, role: DatabaseRole, place: int) -> None:
    for kind in ("tables", "sequences"):
        await connection.execute(f"revoke all on all {kind} in schema public from {role}")
    await connection.execute(f"grant usage on schema public to {role}")
    for table, privileges in PRIVILEGES.items():
        if privileges[place]:
            await connection.execute(f'grant {privileges[place]} on "{table}" to {role}')
        if "insert" in privileges[place]:
            sequence = await connection.fetchval("select pg_get_serial_sequence($1, 'id')", table)
            await connection.execute(f"grant usage on sequence {sequence} to {role}")
