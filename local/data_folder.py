"""The folder that holds everything that the demo writes, and the lock that makes it one demo's alone."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.refusals import LocalStackError

LEAST_ROOM = 300 * 1024 * 1024
PATIENCE = 3.0
BETWEEN_TRIES = 0.05


@dataclass(frozen=True)
class DataFolder:
    """What lies where below one absolute path."""

    path: Path

    @property
    def logs(self) -> Path:
        """A log for each part."""
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
        """Where the servers' sockets would best lie."""
        return self.path / "run"

    @property
    def identity_provider(self) -> Path:
        """What the demo's identity provider keeps."""
        return self.path / "identity-provider"

    @property
    def secrets(self) -> Path:
        """The keys that were made at the first start."""
        return self.path / "secrets"


@contextmanager
def held_data_folder(path: Path, patience: float = PATIENCE) -> Iterator[DataFolder]:
    """Makes the folder where it is missing, and keeps every other demo out of it for as long as the context lasts.

    Args:
        path: The folder.
        patience: Seconds to wait for another demo, which may have been told to stop just now.

    Raises:
        LocalStackError: Another demo uses it, it cannot be written, or its disk is full.
    """
    folder = DataFolder(path.resolve())
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as refused:
        raise LocalStackError(
            f"The data folder {folder.path} cannot be written: {refused.strerror}. Set DATA_DIR to one that can."
        ) from refused
    try:
        _lock(lock, folder.path, patience)
        _make_rooms(folder)
        yield folder
    finally:
        os.close(lock)


def _lock(lock: int, path: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while not _taken(lock):
        if time.monotonic() > deadline:
            holder = os.pread(lock, 20, 0).decode() or "unknown"
            raise LocalStackError(
                f"Another demo (process {holder}) uses the data folder {path}. "
                "Stop it, or set DATA_DIR and PORT to others."
            )
        time.sleep(BETWEEN_TRIES)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _make_rooms(folder: DataFolder) -> None:
    if shutil.disk_usage(folder.path).free < LEAST_ROOM:
        raise LocalStackError(
            f"The disk of {folder.path} has less than {LEAST_ROOM >> 20} MB free. Make room, or set DATA_DIR."
        )
    for room in (folder.logs, folder.valkey, folder.mail, folder.objects, folder.identity_provider):
        room.mkdir(mode=0o700, exist_ok=True)
