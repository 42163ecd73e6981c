import base64
import json
import os
import stat
from pathlib import Path

import pytest

from local.data_folder import lock_data_folder
from local.errors import LocalStackError
from local.keys import NAMES, load_or_create_keys
from local.servers.socket_folder import MAX_FOLDER_BYTES, socket_folder


def test_a_locked_folder_is_refused_until_it_is_released(tmp_path: Path) -> None:
    with lock_data_folder(tmp_path), pytest.raises(LocalStackError, match=f"process {os.getpid()}"):
        lock_data_folder(tmp_path, timeout=0).__enter__()

    with lock_data_folder(tmp_path) as folder:
        assert folder.path == tmp_path


def test_only_its_owner_can_read_what_a_demo_writes(tmp_path: Path) -> None:
    with lock_data_folder(tmp_path) as folder:
        for subfolder in (folder.logs, folder.mail, folder.valkey, folder.identity_provider):
            assert stat.S_IMODE(subfolder.stat().st_mode) == 0o700


def test_keys_are_generated_once_and_only_their_owner_can_read_them(tmp_path: Path) -> None:
    keys = load_or_create_keys(tmp_path / "secrets")

    assert set(keys) == set(NAMES)
    assert {len(base64.b64decode(key)) for key in keys.values()} == {32}
    assert len(set(keys.values())) == len(NAMES)
    assert load_or_create_keys(tmp_path / "secrets") == keys
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o600


def test_a_key_that_a_later_version_needs_is_added_to_the_stored_ones(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text(json.dumps({"SIGN_IN_KEY": "stored"}))
    keys = load_or_create_keys(tmp_path / "secrets")
    assert keys["SIGN_IN_KEY"] == "stored"
    assert set(keys) == set(NAMES)


def test_sockets_are_beside_the_data_if_the_path_is_short_and_needs_no_escape(tmp_path: Path) -> None:
    preferred = tmp_path / "run"
    assert socket_folder(preferred) == preferred
    assert stat.S_IMODE(preferred.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["x" * 100, "with space", "één", "a,b"])
def test_sockets_are_in_a_temporary_folder_otherwise(tmp_path: Path, name: str) -> None:
    folder = socket_folder(tmp_path / name / "run")
    try:
        assert len(str(folder)) <= MAX_FOLDER_BYTES
        assert socket_folder(tmp_path / name / "run") == folder
        assert socket_folder(tmp_path / name / "other") != folder
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        folder.rmdir()
        socket_folder(tmp_path / name / "other").rmdir()
