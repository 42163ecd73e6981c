import base64
import json
import os
import stat
from pathlib import Path

import pytest

from local.data_folder import lock_data_folder
from local.errors import LocalStackError
from local.keys import NAMES, load_or_create_keys
from local.servers.socket_folder import LONGEST_FOLDER, socket_folder


def test_a_held_folder_is_refused_to_others_until_it_is_let_go(tmp_path: Path) -> None:
    with lock_data_folder(tmp_path), pytest.raises(LocalStackError, match=f"process {os.getpid()}"):
        lock_data_folder(tmp_path, timeout=0).__enter__()

    with lock_data_folder(tmp_path) as folder:
        assert folder.path == tmp_path


def test_what_a_demo_writes_is_for_its_owner_alone(tmp_path: Path) -> None:
    with lock_data_folder(tmp_path) as folder:
        for room in (folder.logs, folder.mail, folder.valkey, folder.identity_provider):
            assert stat.S_IMODE(room.stat().st_mode) == 0o700


def test_keys_are_made_once_and_kept_for_their_owner_alone(tmp_path: Path) -> None:
    made = load_or_create_keys(tmp_path / "secrets")

    assert set(made) == set(NAMES)
    assert {len(base64.b64decode(key)) for key in made.values()} == {32}
    assert len(set(made.values())) == len(NAMES)
    assert load_or_create_keys(tmp_path / "secrets") == made
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o600


def test_a_key_that_a_later_version_needs_is_added_to_those_kept(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text(json.dumps({"SIGN_IN_KEY": "kept"}))
    made = load_or_create_keys(tmp_path / "secrets")
    assert made["SIGN_IN_KEY"] == "kept"
    assert set(made) == set(NAMES)


def test_sockets_lie_beside_the_data_where_the_path_is_short_and_plain(tmp_path: Path) -> None:
    plain = tmp_path / "run"
    assert socket_folder(plain) == plain
    assert stat.S_IMODE(plain.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["x" * 100, "with space", "één", "a,b"])
def test_sockets_lie_elsewhere_where_the_path_is_not(tmp_path: Path, name: str) -> None:
    folder = socket_folder(tmp_path / name / "run")
    try:
        assert len(str(folder)) <= LONGEST_FOLDER
        assert socket_folder(tmp_path / name / "run") == folder
        assert socket_folder(tmp_path / name / "other") != folder
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        folder.rmdir()
        socket_folder(tmp_path / name / "other").rmdir()
