import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.errors import LocalStackError
from local.servers.accounts import folder_owner_account
from local.servers.postgres import NO_DURABILITY, PostgresServer, binary_folder
from local.supervisor.orphans import terminate_postgres_in
from tests.local.conftest import wait_until

only_root = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None, reason="root alone can change users"
)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter; pytest's own can't be."""
    folder = Path(tempfile.mkdtemp(prefix="econtracting-tests-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_an_unfinished_cluster_is_created_anew(tmp_path: Path) -> None:
    unfinished = tmp_path / "postgres.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18")

    server = PostgresServer(tmp_path / "postgres", tmp_path, NO_DURABILITY)
    server.create_cluster()

    assert not unfinished.exists()
    assert (server.folder / "global" / "pg_control").exists()


def test_an_existing_cluster_is_left_unchanged(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    PostgresServer(tmp_path / "postgres", tmp_path).create_cluster()
    assert list((tmp_path / "postgres").iterdir()) == []


@only_root
def test_root_without_user_namespaces_runs_postgres_as_another_user(open_folder: Path) -> None:
    account = folder_owner_account(binary_folder() / "postgres", open_folder)
    assert account.owner is not None
    sockets = open_folder / "run"
    sockets.mkdir()
    server = PostgresServer(open_folder / "postgres", sockets, NO_DURABILITY, folder_owner_account)

    server.create_cluster()
    process = subprocess.Popen(server.command(), stderr=subprocess.DEVNULL)
    try:
        wait_until(server.is_ready)
        assert server.folder.stat().st_uid == account.owner[0] != 0
    finally:
        terminate_postgres_in(server.folder)
        process.wait()


@only_root
def test_the_error_names_the_remedy_when_the_other_user_cannot_reach_the_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(LocalStackError, match="or give a DATABASE_URL"):
        folder_owner_account(binary_folder() / "postgres", closed)
