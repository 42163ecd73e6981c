"""The migrations make exactly the tables that the models read, each time and for everybody at once."""

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
RECORDER = "tortoise_migrations"
"""Where Tortoise keeps which migrations were applied; no model reads it."""
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
    """Makes databases that hold nothing at all; gives the address of each."""
    names: list[str] = []

    async def make() -> str:
        names.append(f"empty_{worker_id}_{a_serial()}")
        await servers.execute(f"CREATE DATABASE {names[-1]}")
        return servers.postgres.url(names[-1])

    yield make
    for name in names:
        await servers.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def migrated(servers: Servers, database_name: str) -> str:
    """The address of a database that was empty when it was migrated, as the template of all tests is."""
    return servers.postgres.url(database_name)


async def migrating(url: str) -> tuple[int, str]:
    """Migrates in a process of its own; what became of it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MIGRATE, url, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    return process.returncode or 0, said.decode()


async def asked(url: str, question: str, *values: object) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(question, *values)]
    finally:
        await connection.close()


async def everything(url: str) -> list[list[tuple[object, ...]]]:
    """Tables, columns, defaults, constraints, indexes and the recorded migrations."""
    indexes = "select indexdef from pg_indexes where schemaname = 'public' order by 1"
    recorded = f"select * from {RECORDER} order by 1"  # our own constant
    checks = "select conname, pg_get_constraintdef(oid) from pg_constraint order by 1, 2"
    asking = [await asked(url, question, "") for question in (COLUMNS, DEFAULTS)]
    return [*asking, *[await asked(url, question) for question in (indexes, checks, recorded)]]


async def of_the_models(url: str) -> None:
    """Makes the tables that Tortoise would make of the models by itself."""
    await open_database(url)
    await Tortoise.generate_schemas(safe=False)
    await close_database()


async def test_the_tables_are_those_of_the_models(migrated: str, new_database: NewDatabase):
    generated = await new_database()
    await of_the_models(generated)
    for exactly in (RELATIONS, COLUMNS):
        assert sorted(await asked(migrated, exactly, RECORDER)) == sorted(await asked(generated, exactly, RECORDER))
    # The migrations add more constraints and defaults than models can tell, but leave out none.
    for at_least in (DEFAULTS, CONSTRAINTS):
        wanted = set(await asked(generated, at_least, RECORDER))
        assert wanted - set(await asked(migrated, at_least, RECORDER)) == set()
        assert wanted


async def test_migrating_again_changes_nothing(migrated: str):
    before = await everything(migrated)
    assert await migrating(migrated) == (0, "")
    assert await everything(migrated) == before


async def test_several_processes_may_migrate_at_once(migrated: str, new_database: NewDatabase):
    one = await new_database()
    assert await asyncio.gather(*(migrating(one) for _ in range(3))) == [(0, "")] * 3
    recorded = f"select app, name from {RECORDER} order by name"  # our own constant
    assert await asked(one, recorded) == await asked(migrated, recorded)
    assert await asked(one, COLUMNS, RECORDER) == await asked(migrated, COLUMNS, RECORDER)


def _checked(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "domain.database.migrations_check"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_no_migration_is_missing():
    checked = _checked(ROOT)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_changed_model_without_a_migration_is_told(tmp_path: Path):
    shutil.copytree(ROOT / "domain", tmp_path / "domain")
    shutil.copy(ROOT / "settings.py", tmp_path)
    contract = tmp_path / "domain" / "models" / "contract.py"
    changed = r"\1title = fields.TextField(null=True)\n\1colour = fields.TextField()"
    contract.write_text(re.sub(r"( +)title = .*", changed, contract.read_text()))
    checked = _checked(tmp_path)
    assert checked.returncode == 1
    assert "AlterField Contract title\n  AddField Contract colour\n" in checked.stderr


def test_migrations_are_one_chain() -> None:
    """Two that follow the same one would be applied in an order that nobody chose."""
    folder = ROOT / "domain" / "migrations"
    names = sorted(path.stem for path in folder.glob("[0-9]*.py"))
    followed = [
        re.findall(r'dependencies = \[\("models", "(\w+)"\)\]', (folder / f"{name}.py").read_text()) for name in names
    ]

    assert followed == [[], *([name] for name in names[:-1])]
