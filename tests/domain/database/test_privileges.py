"""The programs' roles own nothing, change no table, and do with rows what their privileges say and no more."""

import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from domain.database.connection import migrate
from domain.database.privileges import PRIVILEGES, DatabaseRole
from local.logins import LOGINS
from local.servers.postgres import DATABASE, NO_DURABILITY, PostgresServer
from local.supervisor.orphans import terminate_postgres_in
from settings import settings
from tests import rows
from tests.local.conftest import wait_until
from tests.servers import TEST_LOGIN, Servers

API, WORKER, OPERATOR = DatabaseRole
TABLES = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p')"
OWNED = "select count(*) from pg_shdepend where refobjid = $1::regrole and deptype = 'o'"
GRANTED = """select table_name, array_agg(lower(privilege_type)) from information_schema.role_table_grants
  where grantee = $1 and table_schema = 'public' group by 1"""
GRANTED_IN_PART = """select c.relname, case p.privilege_type when 'SELECT' then 'select' else 'update' end, a.attname
  from pg_attribute a join pg_class c on c.oid = a.attrelid, aclexplode(a.attacl) p
  where p.grantee = $1::regrole and c.relnamespace = 'public'::regnamespace"""
WHOLE = re.compile(r"\b(?:select|insert|update|delete)\b(?! \()")
PARTS = re.compile(r"(\w+) \(([^)]*)\)")
ANYBODYS = """select relname from pg_class c, aclexplode(c.relacl) a
  where c.relnamespace = 'public'::regnamespace and a.grantee = 0"""
FORBIDDEN = (
    "create table mine (id bigint)",
    "create function mine() returns int language sql return 1",
    "create schema mine",
    "create temporary table mine (id bigint)",
    "alter table organisation add column mine text",
    "alter table organisation disable trigger all",
    "alter table audit_entry disable trigger audit_entry_append_only",
    "drop table audit_link",
    "truncate session",
    "truncate audit_entry cascade",
    "update audit_entry set reason = 'Anders'",
    "delete from audit_entry",
    "insert into audit_link (entry_id, position, hash) values (1, 1, 'x')",
    "delete from audit_link",
    "select link_audit_entry(e) from audit_entry e",
    "set session_replication_role = replica",
    "drop trigger audit_entry_linked on audit_entry",
    "create or replace function brussels_today() returns date language sql return date '2020-01-01'",
    "delete from tortoise_migrations",
    f"grant {OPERATOR} to {LOGINS[API]}",
    f"set role {TEST_LOGIN}",
)
FOR_OTHERS = {
    API: ("insert into routing default values", "update theme set visible = true", "delete from delivery"),
    WORKER: (
        "select token_digest from session",
        "select sealed_key from personal_key",
        "select national_number_sealed from person",
        "select client_id from machine_client",
        "select text from trusted_document",
        "select given_name from registered_person",
        "update access_right set reason = 'x'",
        "insert into membership default values",
    ),
    OPERATOR: ("update contract set title = 'x'", "update document set title = 'x'", "delete from session"),
}

ENTRY = "insert into audit_entry (action, subject_type, subject_id, actor_name) values ('DONE', 'Group', 1, 'system')"


@asynccontextmanager
async def signed_in(servers: Servers, database: str, user: str) -> AsyncIterator[Any]:
    """A connection of that user to the test's database."""
    connection = await asyncpg.connect(servers.postgres.url(database.split("///")[1].partition("?")[0], user))
    try:
        yield connection
    finally:
        await connection.close()


async def asked(database: str, question: str, *values: object) -> list[Any]:
    """What the owner reads."""
    assert database
    connection = await asyncpg.connect(settings().owner_url)
    try:
        return list(await connection.fetch(question, *values))
    finally:
        await connection.close()


async def test_every_table_has_a_line(database: str):
    assert {row["relname"] for row in await asked(database, TABLES)} == PRIVILEGES.keys()


@pytest.mark.parametrize("role", DatabaseRole)
async def test_a_role_has_what_stands_there_and_no_more(database: str, role: DatabaseRole):
    place = list(DatabaseRole).index(role)
    whole = {table: set(WHOLE.findall(given[place])) for table, given in PRIVILEGES.items()}
    parts = {
        (table, verb, column)
        for table, given in PRIVILEGES.items()
        for verb, columns in PARTS.findall(given[place])
        for column in columns.split(", ")
    }

    assert {table: set(verbs) for table, verbs in await asked(database, GRANTED, role)} == {
        table: verbs for table, verbs in whole.items() if verbs
    }
    assert {tuple(row) for row in await asked(database, GRANTED_IN_PART, role)} == parts


async def test_nothing_is_anybodys(database: str):
    assert await asked(database, ANYBODYS) == []


@pytest.mark.parametrize("login", [*LOGINS.values(), *DatabaseRole])
async def test_nobody_but_who_migrates_owns_anything(database: str, login: str):
    [(owned,)] = await asked(database, OWNED, login)
    [(able,)] = await asked(
        database,
        "select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls from pg_roles"
        " where rolname = $1",
        login,
    )

    assert (owned, able) == (0, False)


@pytest.mark.parametrize("role", DatabaseRole)
async def test_what_is_the_owners_is_refused(servers: Servers, database: str, role: DatabaseRole):
    await rows.an_organisation()
    async with signed_in(servers, database, LOGINS[role]) as connection:
        for statement in (*FORBIDDEN, *FOR_OTHERS[role]):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.InvalidGrantOperationError)):
                await connection.execute(statement)


async def test_an_entry_is_linked_for_who_can_add_no_link(servers: Servers, database: str):
    async with signed_in(servers, database, LOGINS[API]) as connection:
        await connection.execute(ENTRY)

    assert [tuple(row) for row in await asked(database, "select entry_id, position from audit_link")] == [(1, 1)]


async def test_what_somebody_was_given_by_hand_is_taken_by_the_next_migration(servers: Servers, database: str):
    name = database.split("///")[1].partition("?")[0]
    await servers.execute(f"grant delete on organisation to {API}", database=name)
    await servers.execute(f"revoke select on contract from {WORKER}", database=name)

    assert await migrate(settings().owner_url) == []

    await test_a_role_has_what_stands_there_and_no_more(database, API)
    await test_a_role_has_what_stands_there_and_no_more(database, WORKER)


@pytest.fixture
def another_server(tmp_path: Path) -> Iterator[PostgresServer]:
    """A server where nobody has made a role yet."""
    server = PostgresServer(tmp_path / "postgres", tmp_path, NO_DURABILITY)
    server.create_cluster()
    process = subprocess.Popen(server.command(), stderr=subprocess.DEVNULL)
    wait_until(server.is_ready)
    yield server
    terminate_postgres_in(server.folder)
    process.wait()


async def test_an_owner_who_may_make_no_roles_is_told_which_are_missing(another_server: PostgresServer):
    """The database is in its newest form all the same, and whoever owns it goes on as before."""
    administrator = await asyncpg.connect(another_server.url())
    await administrator.execute("create role modest login")
    await administrator.execute(f"alter database {DATABASE} owner to modest")

    assert await migrate(another_server.url(user="modest")) == [API, WORKER, OPERATOR]

    for role in DatabaseRole:
        await administrator.execute(f"create role {role} nologin")
    assert await migrate(another_server.url(user="modest")) == []
    assert await administrator.fetchval(f"select has_table_privilege('{API}', 'contract', 'update')")
    assert not await administrator.fetchval(f"select has_database_privilege('{API}', '{DATABASE}', 'temporary')")
    await administrator.close()


async def test_who_owns_the_tables_alone_migrates_all_the_same(another_server: PostgresServer):
    """And leaves what everybody may do in the database as whoever owns it has it."""
    administrator = await asyncpg.connect(another_server.url())
    await administrator.execute("create role modest login")
    await administrator.execute(f"grant create on database {DATABASE} to modest")
    await administrator.execute("grant create on schema public to modest")

    assert await migrate(another_server.url(user="modest")) == [API, WORKER, OPERATOR]

    assert await administrator.fetchval(f"select has_database_privilege('modest', '{DATABASE}', 'temporary')")
    await administrator.close()


async def test_an_installation_of_one_role_is_taken_apart_by_a_migration(another_server: PostgresServer):
    """Whoever connected as the owner goes on as a member of a role: no row moves, and no table changes hands."""
    assert await migrate(another_server.url()) == []
    administrator = await asyncpg.connect(another_server.url())
    await administrator.execute(f"create role api login in role {API}")

    connection = await asyncpg.connect(another_server.url(user="api"))
    assert await connection.fetchval("select count(*) from theme") == 4
    for one in (connection, administrator):
        await one.close()
