"""What is done to the processes of a demo while it works."""

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
    """A part that holds what it has and answers nothing while the block lasts."""
    process = demo.part(part)
    process.suspend()
    try:
        yield
    finally:
        process.resume()


@contextmanager
def killed(demo: RunningDemo, part: str) -> Iterator[None]:
    """A part that is killed as the block begins, and that the supervisor has started again when the block is left."""
    before = demo.restarts(part)
    demo.part(part).kill()
    yield
    demo.wait_until_restarted(part, before)


@contextmanager
def worker_beside(demo: RunningDemo, log: Path) -> Iterator[psutil.Process]:
    """One more worker, which the supervisor knows nothing of."""
    with log.open("ab") as out:
        worker = subprocess.Popen(
            econtracting_command("worker"), stdout=out, stderr=out, env=demo.part("worker").environ()
        )
    try:
        yield psutil.Process(worker.pid)
    finally:
        worker.kill()
        worker.wait()
