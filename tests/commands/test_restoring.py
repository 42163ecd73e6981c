"""Restoring a backup as docs/operations.md describes: another database, the same keys, heads saved elsewhere."""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.actor import OPERATOR
from domain.actor_transaction import actor_transaction
from domain.database.privileges import DatabaseRole
from domain.models import AuditAction
from local.servers.postgres import binary_folder
from settings import settings
from tests import rows
from tests.commands.running import econtracting
from tests.conftest import Environment
from tests.servers import Servers


async def record_entry() -> None:
    organisation = await rows.an_organisation()
    async with actor_transaction(OPERATOR) as transaction:
        await transaction.record(
            AuditAction.ORGANISATION_UPDATED, organisation, organisation.id, after={"name": "Werf"}
        )


@pytest.fixture
async def empty(servers: Servers, worker_id: str) -> AsyncIterator[str]:
    """The URL of an empty database."""
    name = f"restored_{worker_id}"
    await servers.execute(f"CREATE DATABASE {name}")
    yield servers.postgres.url(name)
    await servers.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(program: str, *arguments: str) -> None:
    subprocess.run([binary_folder() / program, *arguments], check=True, capture_output=True)


async def test_a_restored_backup_serves_and_its_log_fits_the_saved_heads(
    database: str, empty: str, environment: Environment, tmp_path: Path
):
    assert database
    await rows.a_user()
    await record_entry()
    saved_heads, newer_heads = tmp_path / "saved", tmp_path / "newer"
    saved_heads.write_text((await econtracting("audit", "heads")).stdout)
    run("pg_dump", "--format=custom", f"--file={tmp_path / 'backup'}", settings().owner_url)
    await record_entry()
    await record_entry()
    newer_heads.write_text((await econtracting("audit", "heads")).stdout)

    run("pg_restore", "--no-owner", "--no-privileges", f"--dbname={empty}", str(tmp_path / "backup"))
    environment.set(DATABASE_URL=empty, MIGRATION_DATABASE_URL=empty)
    assert (await econtracting("migrate")).status == 0
    environment.set(DATABASE_URL=f"{empty}&role={DatabaseRole.API}")
    assert [line for line in (await econtracting("check")).stderr.splitlines() if "DATABASE_URL" in line] == []
    environment.set(DATABASE_URL=empty)

    checked = (await econtracting("check")).stderr.splitlines()
    assert [line for line in checked if line.startswith(("DATABASE_URL", "NATIONAL_NUMBER"))] == []
    verified = await econtracting("audit", "verify", "--heads", str(saved_heads))
    assert (verified.status, verified.stdout) == (0, "Every entry fits its chain.\n")
    missing = await econtracting("audit", "verify", "--heads", str(newer_heads))
    assert missing.status == 1
    assert len(missing.stderr.splitlines()) == 2
