"""A demo on free ports and in a folder of its own, for benchmarks that measure from outside."""

import os
import signal
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from bench.waiting import wait_until
from local.ports import reserve_ports

HOST = "127.0.0.1"
START_TIMEOUT = 180.0
STOP_TIMEOUT = 60.0


@dataclass(frozen=True)
class Demo:
    """A running demo.

    Attributes:
        folder: Its data folder.
        client: An HTTP client of the API, signed in as the authority's system.
        supervisor_pid: The process that started the others.
    """

    folder: Path
    client: httpx.Client
    supervisor_pid: int

    def execute(self, document: str, **variables: Any) -> Any:
        """Executes an operation; returns its data."""
        body = {"query": document, "variables": variables}
        response = self.client.post("/graphql", json=body).raise_for_status().json()
        assert "errors" not in response, response
        return response["data"]

    def process(self, command: str) -> psutil.Process:
        """The process of one of the demo's commands, such as `worker`."""
        processes = psutil.Process(self.supervisor_pid).children(recursive=True)
        return next(process for process in processes if process.cmdline()[-1:] == [command])


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    command = [str(Path(sysconfig.get_path("scripts")) / "econtracting"), "demo"]
    with reserve_ports(HOST, 3) as ports, (folder / "log").open("wb") as log:
        environment = os.environ | {"PORT": str(ports[0]), "DATA_DIR": str(folder / "data")}
        demo = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603  # our own command
        try:
            _wait_for_start(demo, folder / "log")
            headers = {"Authorization": f"Bearer {_access_token(ports[1])}"}
            with httpx.Client(base_url=f"http://{HOST}:{ports[0]}", headers=headers, timeout=30) as client:
                yield Demo(folder / "data", client, demo.pid)
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(STOP_TIMEOUT)


def _wait_for_start(demo: "subprocess.Popen[bytes]", log: Path) -> None:
    wait_until(lambda: b"Ready after" in log.read_bytes() or demo.poll() is not None, START_TIMEOUT)
    assert b"Ready after" in log.read_bytes(), log.read_text()


def _access_token(provider_port: int) -> str:
    """An access token of the authority's system, from the demo's identity provider."""
    credentials = {"grant_type": "client_credentials", "client_id": "authority", "client_secret": "demo"}
    response = httpx.post(f"http://{HOST}:{provider_port}/token", data=credentials).raise_for_status()
    token: str = response.json()["access_token"]
    return token
