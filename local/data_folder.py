"""The folder that holds everything that the demo writes, locked for one demo at a time."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalStackError

MIN_FREE_SPACE = 300 * 1024 * 1024
LOCK_TIMEOUT = 3.0
POLL_INTERVAL = 0.05


@dataclass(frozen=True)
class DataFolder:
    """The paths in a data folder."""

    path: Path

    @property
    def logs(self) -> Path:
        """A log for each service."""
        return self.path / "logs"

    @property
    def mail(self) -> Path:
        """The Maildir."""
        return self.path / "mail"

    @property
    def objects(self) -> Path:
        """The bytes of attachments."""
        return self.path / "objects"

    @property
    def postgres(self) -> Path:
        """PostgreSQL's cluster."""
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        """Valkey's append-only file."""
        return self.path / "valkey"

    @property
    def sockets(self) -> Path:
        """The preferred folder of the servers' sockets."""
        return self.path / "run"

    @property
    def identity_provider(self) -> Path:
        """The files of the demo's identity provider."""
        return self.path / "identity-provider"

    @property
    def secrets(self) -> Path:
        """The keys that were made at the first start."""
        return self.path / "secrets"


@contextmanager
def lock_data_folder(path: Path, timeout: float = LOCK_TIMEOUT) -> Iterator[DataFolder]:
    """Creates the folder if it is missing, and locks it against every other demo for as long as the block lasts.

    Args:
        path: The folder.
        timeout: Seconds to wait for another demo, which may be stopping.

    Raises:
        LocalStackError: Another demo uses it, it can't be written, or its disk is full.
    """
    folder = DataFolder(path.resolve())
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LocalStackError(
            f"The data folder {folder.path} cannot be written: {error.strerror}. Set DATA_DIR to one that can."
        ) from error
    try:
        _lock(lock, folder.path, timeout)
        _create_subfolders(folder)
        yield folder
    finally:
        os.close(lock)


def _lock(lock: int, path: Path, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not _try_lock(lock):
        if time.monotonic() > deadline:
            holder = os.pread(lock, 20, 0).decode() or "unknown"
            raise LocalStackError(
                f"Another demo (process {holder}) uses the data folder {path}. "
                "Stop it, or set DATA_DIR and PORT to others."
            )
        time.sleep(POLL_INTERVAL)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _create_subfolders(folder: DataFolder) -> None:
    if shutil.disk_usage(folder.path).free < MIN_FREE_SPACE:
        raise LocalStackError(
            f"The disk of {folder.path} has less than {MIN_FREE_SPACE >> 20} MB free. Make room, or set DATA_DIR."
        )
    for subfolder in (folder.logs, folder.valkey, folder.mail, folder.objects, folder.identity_provider):
        subfolder.mkdir(mode=0o700, exist_ok=True)
