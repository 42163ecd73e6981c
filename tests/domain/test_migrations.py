"""The migrations create exactly the tables of the models; they can be repeated and run concurrently."""

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
from tortoise import Tortoise

from domain.database.connection import close_database, open_database
from tests.rows import a_serial
from tests.servers import Servers

ROOT = Path(__file__).parents[2]
MIGRATIONS_TABLE = "tortoise_migrations"
"""Tortoise's own table of the applied migrations; no model reads it."""
MIGRATE = "import asyncio, sys; from domain.database.connection import migrate; asyncio.run(migrate(sys.argv[1]))"

COLUMNS = """select table_name, column_name, data_type, character_maximum_length, is_nullable, is_identity
             from information_schema.columns where table_schema = 'public' and table_name <> $1
             and is_generated = 'NEVER' order by 1, 2"""
DEFAULTS = """select table_name, column_name, column_default from information_schema.columns
              where table_schema = 'public' and table_name <> $1 and column_default is not null
              order by 1, 2"""
CONSTRAINTS = """select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint
                 where contype in ('p', 'u', 'f') and connamespace = 'public'::regnamespace
                 and conrelid::regclass::text <> $1"""
RELATIONS = """select table_name from information_schema.tables where table_schema = 'public' and table_name <> $1"""

NewDatabase = Callable[[], Awaitable[str]]


@pytest.fixture
async def new_database(servers: Servers, worker_id: str) -> AsyncIterator[NewDatabase]:
    """Creates empty databases; returns the URL of each."""
    names: list[str] = []

    async def create() -> str:
        names.append(f"empty_{worker_id}_{a_serial()}")
        await servers.execute(f"CREATE DATABASE {names[-1]}")
        return servers.postgres.url(names[-1])

    yield create
    for name in names:
        await servers.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def migrated(servers: Servers, database_name: str) -> str:
    """The URL of a database to which all migrations were applied, as the template of all tests is."""
    return servers.postgres.url(database_name)


async def migrate_in_process(url: str) -> tuple[int, str]:
    """Migrates in a process of its own; returns its exit code and error output."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MIGRATE, url, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    return process.returncode or 0, errors.decode()


async def fetch(url: str, query: str, *parameters: object) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query, *parameters)]
    finally:
        await connection.close()


async def read_schema(url: str) -> list[list[tuple[object, ...]]]:
    """Tables, columns, defaults, constraints, indexes and the applied migrations."""
    indexes = "select indexdef from pg_indexes where schemaname = 'public' order by 1"
    applied = f"select * from {MIGRATIONS_TABLE} order by 1"  # our own constant
    constraints = "select conname, pg_get_constraintdef(oid) from pg_constraint order by 1, 2"
    columns = [await fetch(url, query, "") for query in (COLUMNS, DEFAULTS)]
    return [*columns, *[await fetch(url, query) for query in (indexes, constraints, applied)]]


async def create_tables_of_the_models(url: str) -> None:
    """Creates the tables that Tortoise derives from the models."""
    await open_database(url)
    await Tortoise.generate_schemas(safe=False)
    await close_database()


async def test_the_tables_are_those_of_the_models(migrated: str, new_database: NewDatabase):
    generated = await new_database()
    await create_tables_of_the_models(generated)
    for query in (RELATIONS, COLUMNS):
        assert sorted(await fetch(migrated, query, MIGRATIONS_TABLE)) == sorted(
            await fetch(generated, query, MIGRATIONS_TABLE)
        )
    # The migrations add constraints and defaults that models can't express, but omit none of the models'.
    for query in (DEFAULTS, CONSTRAINTS):
        expected = set(await fetch(generated, query, MIGRATIONS_TABLE))
        assert expected - set(await fetch(migrated, query, MIGRATIONS_TABLE)) == set()
        assert expected


async def test_migrating_again_changes_nothing(migrated: str):
    before = await read_schema(migrated)
    assert await migrate_in_process(migrated) == (0, "")
    assert await read_schema(migrated) == before


async def test_several_processes_may_migrate_at_once(migrated: str, new_database: NewDatabase):
    url = await new_database()
    assert await asyncio.gather(*(migrate_in_process(url) for _ in range(3))) == [(0, "")] * 3
    applied = f"select app, name from {MIGRATIONS_TABLE} order by name"  # our own constant
    assert await fetch(url, applied) == await fetch(migrated, applied)
    assert await fetch(url, COLUMNS, MIGRATIONS_TABLE) == await fetch(migrated, COLUMNS, MIGRATIONS_TABLE)


def _check_migrations(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "domain.database.migrations_check"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_no_migration_is_missing():
    check = _check_migrations(ROOT)
    assert (check.returncode, check.stderr) == (0, "")


def test_a_changed_model_without_a_migration_is_reported(tmp_path: Path):
    shutil.copytree(ROOT / "domain", tmp_path / "domain")
    shutil.copy(ROOT / "settings.py", tmp_path)
    contract = tmp_path / "domain" / "models" / "contract.py"
    changed = r"\1title = fields.TextField(null=True)\n\1colour = fields.TextField()"
    contract.write_text(re.sub(r"( +)title = .*", changed, contract.read_text()))
    check = _check_migrations(tmp_path)
    assert check.returncode == 1
    assert "AlterField Contract title\n  AddField Contract colour\n" in check.stderr


def test_migrations_are_one_chain() -> None:
    """Two migrations with the same predecessor would be applied in an arbitrary order."""
    folder = ROOT / "domain" / "migrations"
    names = sorted(path.stem for path in folder.glob("[0-9]*.py"))
    dependencies = [
        re.findall(r'dependencies = \[\("models", "(\w+)"\)\]', (folder / f"{name}.py").read_text()) for name in names
    ]

    assert dependencies == [[], *([name] for name in names[:-1])]
