"""Is PostgreSQL reachable, new enough and migrated, and has its role no more privileges than it needs?"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg

from commands.checks.finding import Finding
from commands.checks.sealing_keys import check_sealing_keys
from domain.database.migration_status import applied_migrations, known_migrations
from domain.database.privileges import REVOKE_TEMPORARY
from settings import Settings

VARIABLE: Final = "DATABASE_URL"
MIN_VERSION: Final = 16
MAX_CLOCK_SKEW: Final = 30.0
"""Seconds that the clocks may differ: the leeway with which tokens are accepted."""
TIMEOUT: Final = 10.0

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
    """Checks the database of the settings."""
    try:
        connection = await asyncpg.connect(str(settings.database_url), timeout=TIMEOUT)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError, ValueError) as error:
        problem = f"PostgreSQL can't be reached ({type(error).__name__})."
        yield Finding(
            VARIABLE, problem, "Give postgresql://user:password@host/name of a server that lets this user in."
        )
        return
    try:
        for finding in await _check_connection(connection):
            yield finding
    finally:
        await connection.close()


async def _check_connection(connection: Any) -> list[Finding]:
    sent_at = datetime.now(UTC)
    facts = await connection.fetchrow(_FACTS)
    migrations = await _check_migrations(connection)
    return [
        *_check_server(facts, sent_at),
        *_check_role(facts),
        *migrations,
        *([] if any(finding.is_error for finding in migrations) else await check_sealing_keys(connection)),
    ]


def _check_server(facts: Any, sent_at: datetime) -> list[Finding]:
    findings = []
    if facts["version"] < MIN_VERSION:
        findings.append(Finding(VARIABLE, f"It is PostgreSQL {facts['version']}.", f"Use {MIN_VERSION} or newer."))
    lacking = [f"the extension {name}" for name in facts["lacking"]] + ["collations of ICU"] * (not facts["icu"])
    contrib = "Install PostgreSQL with its contrib package."
    findings += [Finding(VARIABLE, f"The server lacks {name}.", contrib) for name in lacking]
    if not facts["zone"]:
        findings.append(Finding(VARIABLE, "The server doesn't know Europe/Brussels.", "Install its time zone data."))
    skew = abs((facts["now"] - sent_at).total_seconds())
    if skew > MAX_CLOCK_SKEW:
        problem = f"The server's clock and this machine's differ by {skew:.0f} seconds."
        findings.append(Finding(VARIABLE, problem, f"Keep both by NTP; {MAX_CLOCK_SKEW:.0f} seconds are allowed."))
    return findings


def _check_role(facts: Any) -> list[Finding]:
    if not (facts["owned"] or facts["super"]):
        return _temporary_tables_finding(facts) if facts["temporary"] else []
    privilege = "is a superuser" if facts["super"] else f"owns {facts['owned']} tables"
    remedy = "Serve as a role that owns nothing; only `econtracting migrate` needs the owner."
    return [Finding(VARIABLE, f"The role {facts['name']} {privilege}.", remedy, is_error=False)]


def _temporary_tables_finding(facts: Any) -> list[Finding]:
    remedy = f"Have who owns the database carry out: {REVOKE_TEMPORARY.format(name=facts['database'])}."
    return [Finding(VARIABLE, f"The role {facts['name']} may make temporary tables.", remedy, is_error=False)]


async def _check_migrations(connection: Any) -> list[Finding]:
    known, applied = known_migrations(), await applied_migrations(connection)
    if missing := sorted(known - applied):
        problem = f"The database lacks {len(missing)} of {len(known)} migrations, from {missing[0]} on."
        return [Finding(VARIABLE, problem, "Run `econtracting migrate`.")]
    if newer := sorted(applied - known):
        problem = f"The database has migrations that this code doesn't know: {', '.join(newer)}."
        return [Finding(VARIABLE, problem, "Run the newest release.", is_error=False)]
    return []
