"""Servers of the benchmark, each a process on the cores that it is given."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from bench.graph.bench_database import FOLDER
from bench.waiting import free_port, until

START_TIMEOUT = 60.0
API = (sys.executable, "-m", "bench.graph.server")


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and its process."""

    port: int
    process: int


@contextmanager
def running_server(environment: Mapping[str, str], cores: set[int], command: Sequence[str] = API) -> Iterator[Server]:
    """A server that is told the environment, and listens at the `PORT` that it finds there."""
    port = free_port()
    told = os.environ | environment | {"PORT": str(port)}
    with (FOLDER / "server.log").open("ab") as log:
        process = subprocess.Popen(list(command), env=told, stdout=log, stderr=log)  # noqa: S603  # our own command
    try:
        os.sched_setaffinity(process.pid, cores)
        _ready(process, port)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_TIMEOUT)


def _ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        until(lambda: _answers(client) or process.poll() is not None, START_TIMEOUT)
        if not _answers(client):
            raise RuntimeError(f"The server did not start; {FOLDER / 'server.log'} says why.")


def _answers(client: httpx.Client) -> bool:
    try:
        client.get("/health/live")
    except httpx.TransportError:
        return False
    return True
