"""A demo of its own, on free ports in a folder of its own, for what is measured from outside."""

import os
import signal
import socket
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from bench.waiting import until

START_PATIENCE = 180.0
PORTS = range(int(os.environ.get("FIRST_PORT", "8100")), 60000, 3)


@dataclass(frozen=True)
class Demo:
    """A running demo: its folder, and the API as the authority's system reaches it."""

    folder: Path
    api: httpx.Client
    supervisor: int

    def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = self.api.post("/graphql", json={"query": query, "variables": variables}).raise_for_status().json()
        assert "errors" not in answer, answer
        return answer["data"]

    def part(self, word: str) -> psutil.Process:
        """The process of the part whose command ends so."""
        children = psutil.Process(self.supervisor).children(recursive=True)
        return next(child for child in children if child.cmdline()[-1:] == [word])


def free_ports() -> int:
    """The first of three ports in a row that nobody listens on."""
    for first in PORTS:
        try:
            for port in range(first, first + 3):
                with socket.socket() as tried:
                    tried.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise RuntimeError("There are no three free ports in a row.")


@contextmanager
def a_demo(folder: Path) -> Iterator[Demo]:
    port = free_ports()
    command = [str(Path(sysconfig.get_path("scripts")) / "econtracting"), "demo"]
    environment = os.environ | {"PORT": str(port), "DATA_DIR": str(folder / "data")}
    with (folder / "log").open("wb") as log:
        demo = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603  # our own command
    try:
        ready = until(
            lambda: b"Ready after" in (folder / "log").read_bytes() or demo.poll() is not None, START_PATIENCE
        )
        assert ready, (folder / "log").read_text()
        assert demo.poll() is None, (folder / "log").read_text()
        token = httpx.post(
            f"http://127.0.0.1:{port + 1}/token",
            data={"grant_type": "client_credentials", "client_id": "authority", "client_secret": "demo"},
        ).raise_for_status().json()["access_token"]  # fmt: skip
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as api:
            yield Demo(folder / "data", api, demo.pid)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(60)
