"""Is PostgreSQL there, new enough, brought up to date, and used by whoever may do no more than they must?"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg

from commands.checks.finding import Finding
from commands.checks.sealed import unopened
from domain.database.migration_status import applied_migrations, known_migrations
from domain.database.privileges import REVOKE_TEMPORARY
from settings import Settings

VARIABLE: Final = "DATABASE_URL"
OLDEST: Final = 16
SKEW: Final = 30.0
"""Seconds that the clocks may differ: tokens are believed for as long beyond their time."""
PATIENCE: Final = 10.0

_FACTS: Final = """
select current_setting('server_version_num')::int / 10000 as version,
  array(select needed from unnest(array['btree_gist', 'unaccent']) needed
    where not exists (select from pg_available_extensions where name = needed)) as lacking,
  exists (select from pg_collation where collprovider = 'i') as icu,
  exists (select from pg_timezone_names where name = 'Europe/Brussels') as zone,
  (select count(*) from pg_class c join pg_roles r on r.oid = c.relowner
   where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and r.rolname = current_user) as owned,
  (select rolsuper from pg_roles where rolname = current_user) as super,
  has_database_privilege(current_database(), 'temporary') as temporary, current_database() as database,
  current_user as name, clock_timestamp() as now"""


async def check_database(settings: Settings) -> AsyncIterator[Finding]:
    """What is wrong with the database of the settings."""
    try:
        connection = await asyncpg.connect(str(settings.database_url), timeout=PATIENCE)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError, ValueError) as error:
        wrong = f"PostgreSQL can't be reached ({type(error).__name__})."
        yield Finding(VARIABLE, wrong, "Give postgresql://user:password@host/name of a server that lets this user in.")
        return
    try:
        for finding in await _found(connection):
            yield finding
    finally:
        await connection.close()


async def _found(connection: Any) -> list[Finding]:
    before = datetime.now(UTC)
    facts = await connection.fetchrow(_FACTS)
    migrations = await _migrations(connection)
    return [
        *_server(facts, before),
        *_role(facts),
        *migrations,
        *([] if any(each.serious for each in migrations) else await unopened(connection)),
    ]


def _server(facts: Any, before: datetime) -> list[Finding]:
    found = []
    if facts["version"] < OLDEST:
        found.append(Finding(VARIABLE, f"It is PostgreSQL {facts['version']}.", f"Use {OLDEST} or newer."))
    lacking = [f"the extension {name}" for name in facts["lacking"]] + ["collations of ICU"] * (not facts["icu"])
    contrib = "Install PostgreSQL with its contrib package."
    found += [Finding(VARIABLE, f"The server lacks {what}.", contrib) for what in lacking]
    if not facts["zone"]:
        found.append(Finding(VARIABLE, "The server doesn't know Europe/Brussels.", "Install its time zone data."))
    skew = abs((facts["now"] - before).total_seconds())
    if skew > SKEW:
        wrong = f"The server's clock and this machine's differ by {skew:.0f} seconds."
        found.append(Finding(VARIABLE, wrong, f"Keep both by NTP; {SKEW:.0f} seconds are allowed."))
    return found


def _role(facts: Any) -> list[Finding]:
    if not (facts["owned"] or facts["super"]):
        return _temporary(facts) if facts["temporary"] else []
    may = "is a superuser" if facts["super"] else f"owns {facts['owned']} tables"
    right = "Serve as a role that owns nothing; only `econtracting migrate` needs the owner."
    return [Finding(VARIABLE, f"The role {facts['name']} {may}.", right, serious=False)]


def _temporary(facts: Any) -> list[Finding]:
    right = f"Have who owns the database carry out: {REVOKE_TEMPORARY.format(name=facts['database'])}."
    return [Finding(VARIABLE, f"The role {facts['name']} may make temporary tables.", right, serious=False)]


async def _migrations(connection: Any) -> list[Finding]:
    ours, theirs = known_migrations(), await applied_migrations(connection)
    if missing := sorted(ours - theirs):
        wrong = f"The database lacks {len(missing)} of {len(ours)} migrations, from {missing[0]} on."
        return [Finding(VARIABLE, wrong, "Run `econtracting migrate`.")]
    if newer := sorted(theirs - ours):
        wrong = f"The database has migrations that this code doesn't know: {', '.join(newer)}."
        return [Finding(VARIABLE, wrong, "Run the newest release.", serious=False)]
    return []
