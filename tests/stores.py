"""The two kinds of object store: a folder, and a server that speaks like Amazon S3."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import httpx

from local.supervisor.parent_death import with_parent_death_signal

COMMAND = (sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0")
PATIENCE = 60.0
RUNNING = re.compile(r"Running on (http://\S+)")


class Store(Protocol):
    """An object store, looked at past our own code."""

    def keys(self) -> set[str]:
        """The keys of everything in it, unfinished uploads included."""

    def lose(self, key: str) -> None:
        """Takes an object away behind our back."""


@dataclass(frozen=True)
class Folder:
    """A folder."""

    path: Path

    def keys(self) -> set[str]:
        files = [found for found in self.path.rglob("*") if found.is_file()] if self.path.exists() else []
        return {str(found.relative_to(self.path)) for found in files}

    def lose(self, key: str) -> None:
        (self.path / key).unlink()


@dataclass(frozen=True)
class Bucket:
    """A bucket of the S3 server."""

    url: str

    @classmethod
    def made(cls, server: str) -> "Bucket":
        bucket = cls(f"{server}/attachments-{uuid4().hex}")
        httpx.put(bucket.url, timeout=PATIENCE, trust_env=False).raise_for_status()
        return bucket

    @property
    def name(self) -> str:
        return self.url.rsplit("/", 1)[1]

    def keys(self) -> set[str]:
        with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
            told = client.get(self.url).text + client.get(f"{self.url}?uploads").text
        return set(re.findall("<Key>(?:files/)?([^<]+)</Key>", told))

    def lose(self, key: str) -> None:
        httpx.delete(f"{self.url}/files/{key}", timeout=PATIENCE, trust_env=False).raise_for_status()


@contextmanager
def s3_server(log: Path) -> Iterator[str]:
    """A server that speaks like S3, which anybody may use; gives its address."""
    with log.open("wb") as said:
        process = subprocess.Popen(with_parent_death_signal(COMMAND, signal.SIGKILL), stdout=said, stderr=said)
    try:
        while not (running := RUNNING.search(log.read_text())):
            assert process.poll() is None, f"The S3 server didn't start:\n{log.read_text()}"
            time.sleep(0.02)
        yield running[1]
    finally:
        process.kill()
        process.wait(PATIENCE)
