"""The roles of the programs own nothing and have exactly the privileges declared for each table."""

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
GRANTED_COLUMNS = """select c.relname, case p.privilege_type when 'SELECT' then 'select' else 'update' end, a.attname
  from pg_attribute a join pg_class c on c.oid = a.attrelid, aclexplode(a.attacl) p
  where p.grantee = $1::regrole and c.relnamespace = 'public'::regnamespace"""
TABLE_PRIVILEGE = re.compile(r"\b(?:select|insert|update|delete)\b(?! \()")
COLUMN_PRIVILEGES = re.compile(r"(\w+) \(([^)]*)\)")
GRANTED_TO_PUBLIC = """select relname from pg_class c, aclexplode(c.relacl) a
  where c.relnamespace = 'public'::regnamespace and a.grantee = 0"""
FORBIDDEN_FOR_ALL = (
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
FORBIDDEN = {
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

ADD_ENTRY = (
    "insert into audit_entry (action, subject_type, subject_id, actor_name) values ('DONE', 'Group', 1, 'system')"
)


@asynccontextmanager
async def connection_of(servers: Servers, database: str, user: str) -> AsyncIterator[Any]:
    """A connection of this user to the test's database."""
    connection = await asyncpg.connect(servers.postgres.url(database.split("///")[1].partition("?")[0], user))
    try:
        yield connection
    finally:
        await connection.close()


async def fetch_as_owner(database: str, query: str, *parameters: object) -> list[Any]:
    assert database
    connection = await asyncpg.connect(settings().owner_url)
    try:
        return list(await connection.fetch(query, *parameters))
    finally:
        await connection.close()


async def check_privileges(database: str, role: DatabaseRole) -> None:
    """Compares the privileges granted in the database with the declared ones."""
    position = list(DatabaseRole).index(role)
    on_tables = {table: set(TABLE_PRIVILEGE.findall(texts[position])) for table, texts in PRIVILEGES.items()}
    on_columns = {
        (table, verb, column)
        for table, texts in PRIVILEGES.items()
        for verb, columns in COLUMN_PRIVILEGES.findall(texts[position])
        for column in columns.split(", ")
    }

    assert {table: set(verbs) for table, verbs in await fetch_as_owner(database, GRANTED, role)} == {
        table: verbs for table, verbs in on_tables.items() if verbs
    }
    assert {tuple(row) for row in await fetch_as_owner(database, GRANTED_COLUMNS, role)} == on_columns


async def test_every_table_has_declared_privileges(database: str):
    assert {row["relname"] for row in await fetch_as_owner(database, TABLES)} == PRIVILEGES.keys()


@pytest.mark.parametrize("role", DatabaseRole)
async def test_a_role_has_exactly_the_declared_privileges(database: str, role: DatabaseRole):
    await check_privileges(database, role)


async def test_nothing_is_granted_to_public(database: str):
    assert await fetch_as_owner(database, GRANTED_TO_PUBLIC) == []


@pytest.mark.parametrize("login", [*LOGINS.values(), *DatabaseRole])
async def test_the_programs_own_nothing_and_have_no_attributes_of_an_administrator(database: str, login: str):
    [(owned,)] = await fetch_as_owner(database, OWNED, login)
    [(is_administrator,)] = await fetch_as_owner(
        database,
        "select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls from pg_roles"
        " where rolname = $1",
        login,
    )

    assert (owned, is_administrator) == (0, False)


@pytest.mark.parametrize("role", DatabaseRole)
async def test_statements_that_need_other_privileges_are_refused(servers: Servers, database: str, role: DatabaseRole):
    await rows.an_organisation()
    async with connection_of(servers, database, LOGINS[role]) as connection:
        for statement in (*FORBIDDEN_FOR_ALL, *FORBIDDEN[role]):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.InvalidGrantOperationError)):
                await connection.execute(statement)


async def test_an_audit_entry_is_linked_although_the_role_may_not_insert_links(servers: Servers, database: str):
    async with connection_of(servers, database, LOGINS[API]) as connection:
        await connection.execute(ADD_ENTRY)

    links = await fetch_as_owner(database, "select entry_id, position from audit_link")
    assert [tuple(row) for row in links] == [(1, 1)]


async def test_privileges_changed_by_hand_are_restored_by_the_next_migration(servers: Servers, database: str):
    name = database.split("///")[1].partition("?")[0]
    await servers.execute(f"grant delete on organisation to {API}", database=name)
    await servers.execute(f"revoke select on contract from {WORKER}", database=name)

    assert await migrate(settings().owner_url) == []

    await check_privileges(database, API)
    await check_privileges(database, WORKER)


@pytest.fixture
def server_without_roles(tmp_path: Path) -> Iterator[PostgresServer]:
    """A server on which the roles of the programs don't exist yet."""
    server = PostgresServer(tmp_path / "postgres", tmp_path, NO_DURABILITY)
    server.create_cluster()
    process = subprocess.Popen(server.command(), stderr=subprocess.DEVNULL)
    wait_until(server.is_ready)
    yield server
    terminate_postgres_in(server.folder)
    process.wait()


async def test_a_migration_by_an_owner_who_may_not_create_roles_returns_the_missing_ones(
    server_without_roles: PostgresServer,
):
    administrator = await asyncpg.connect(server_without_roles.url())
    await administrator.execute("create role modest login")
    await administrator.execute(f"alter database {DATABASE} owner to modest")

    assert await migrate(server_without_roles.url(user="modest")) == [API, WORKER, OPERATOR]

    for role in DatabaseRole:
        await administrator.execute(f"create role {role} nologin")
    assert await migrate(server_without_roles.url(user="modest")) == []
    assert await administrator.fetchval(f"select has_table_privilege('{API}', 'contract', 'update')")
    assert not await administrator.fetchval(f"select has_database_privilege('{API}', '{DATABASE}', 'temporary')")
    await administrator.close()


async def test_a_migration_by_a_user_who_does_not_own_the_database_leaves_its_public_privileges(
    server_without_roles: PostgresServer,
):
    administrator = await asyncpg.connect(server_without_roles.url())
    await administrator.execute("create role modest login")
    await administrator.execute(f"grant create on database {DATABASE} to modest")
    await administrator.execute("grant create on schema public to modest")

    assert await migrate(server_without_roles.url(user="modest")) == [API, WORKER, OPERATOR]

    assert await administrator.fetchval(f"select has_database_privilege('modest', '{DATABASE}', 'temporary')")
    await administrator.close()


async def test_a_user_who_is_made_a_member_of_a_role_after_the_migration_has_its_privileges(
    server_without_roles: PostgresServer,
):
    assert await migrate(server_without_roles.url()) == []
    administrator = await asyncpg.connect(server_without_roles.url())
    await administrator.execute(f"create role api login in role {API}")

    connection = await asyncpg.connect(server_without_roles.url(user="api"))
    assert await connection.fetchval("select count(*) from theme") == 4
    await connection.close()
    await administrator.close()
