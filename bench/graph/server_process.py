"""The servers of the benchmark, each a process on given cores."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from bench.graph.bench_database import FOLDER
from bench.waiting import wait_until
from local.ports import reserve_ports

HOST = "127.0.0.1"
START_TIMEOUT = 60.0
API = (sys.executable, "-m", "bench.graph.server")


@dataclass(frozen=True)
class Server:
    """A running server: the port that it listens on, and its process id."""

    port: int
    pid: int


@contextmanager
def running_server(environment: Mapping[str, str], cores: set[int], command: Sequence[str] = API) -> Iterator[Server]:
    """A server with these additions to the environment; it must listen on the port in `PORT`."""
    with reserve_ports(HOST, 1) as (port,), (FOLDER / "server.log").open("ab") as log:
        server_environment = os.environ | environment | {"PORT": str(port)}
        process = subprocess.Popen(list(command), env=server_environment, stdout=log, stderr=log)  # noqa: S603  # our own command
        try:
            os.sched_setaffinity(process.pid, cores)
            _wait_for(process, port)
            yield Server(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(START_TIMEOUT)


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    with httpx.Client(base_url=f"http://{HOST}:{port}", trust_env=False) as client:
        wait_until(lambda: _responds(client) or process.poll() is not None, START_TIMEOUT)
        if not _responds(client):
            raise RuntimeError(f"The server did not start; {FOLDER / 'server.log'} says why.")


def _responds(client: httpx.Client) -> bool:
    try:
        client.get("/health/live")
    except httpx.TransportError:
        return False
    return True
