"""Faults injected into the processes of a running demo."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psutil

from local.demo_services import econtracting_command
from tests.end_to_end.running import RunningDemo

Fault = Callable[[RunningDemo, str], AbstractContextManager[None]]


@contextmanager
def frozen(demo: RunningDemo, part: str) -> Iterator[None]:
    """Suspends a service while the block lasts: it keeps its connections and responds to nothing."""
    process = demo.part(part)
    process.suspend()
    try:
        yield
    finally:
        process.resume()


@contextmanager
def killed(demo: RunningDemo, part: str) -> Iterator[None]:
    """Kills a service when the block begins, and waits at its end until the supervisor has restarted it."""
    before = demo.restarts(part)
    demo.part(part).kill()
    yield
    demo.wait_until_restarted(part, before)


@contextmanager
def worker_beside(demo: RunningDemo, log: Path) -> Iterator[psutil.Process]:
    """One more worker, which is not under supervision."""
    with log.open("ab") as output:
        worker = subprocess.Popen(
            econtracting_command("worker"), stdout=output, stderr=output, env=demo.part("worker").environ()
        )
    try:
        yield psutil.Process(worker.pid)
    finally:
        worker.kill()
        worker.wait()
