"""The two kinds of object store: a folder, and a bucket of a server with the API of Amazon S3."""

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
TIMEOUT = 60.0
RUNNING = re.compile(r"Running on (http://\S+)")


class Store(Protocol):
    """An object store, accessed without our own code."""

    def keys(self) -> set[str]:
        """The keys of everything in it, unfinished uploads included."""

    def delete(self, key: str) -> None:
        """Deletes an object without our code's knowledge."""


@dataclass(frozen=True)
class FolderStore:
    """Objects as files in a folder."""

    path: Path

    def keys(self) -> set[str]:
        files = [found for found in self.path.rglob("*") if found.is_file()] if self.path.exists() else []
        return {str(found.relative_to(self.path)) for found in files}

    def delete(self, key: str) -> None:
        (self.path / key).unlink()


@dataclass(frozen=True)
class BucketStore:
    """A bucket of the S3 server."""

    url: str

    @classmethod
    def create(cls, server: str) -> "BucketStore":
        bucket = cls(f"{server}/attachments-{uuid4().hex}")
        httpx.put(bucket.url, timeout=TIMEOUT, trust_env=False).raise_for_status()
        return bucket

    @property
    def name(self) -> str:
        return self.url.rsplit("/", 1)[1]

    def keys(self) -> set[str]:
        with httpx.Client(timeout=TIMEOUT, trust_env=False) as client:
            listing = client.get(self.url).text + client.get(f"{self.url}?uploads").text
        return set(re.findall("<Key>(?:files/)?([^<]+)</Key>", listing))

    def delete(self, key: str) -> None:
        httpx.delete(f"{self.url}/files/{key}", timeout=TIMEOUT, trust_env=False).raise_for_status()


@contextmanager
def s3_server(log: Path) -> Iterator[str]:
    """Runs a server with the API of S3 that needs no credentials; yields its URL."""
    with log.open("wb") as output:
        process = subprocess.Popen(with_parent_death_signal(COMMAND, signal.SIGKILL), stdout=output, stderr=output)
    try:
        while not (running := RUNNING.search(log.read_text())):
            assert process.poll() is None, f"The S3 server didn't start:\n{log.read_text()}"
            time.sleep(0.02)
        yield running[1]
    finally:
        process.kill()
        process.wait(TIMEOUT)
