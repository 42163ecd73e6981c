"""Small stacks, their output and their processes."""

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from local.ports import reserve_ports
from local.servers.socket_folder import socket_folder
from local.stack import HOST
from local.supervisor.orphans import MARK

TIMEOUT = 60.0
RUN_FOREVER = "import time; time.sleep(3600)"
FOLDERS_OF_PATHS = re.compile(r"\S*/")


def wait_until(condition: Callable[[], bool], timeout: float = TIMEOUT) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"the condition did not hold within {timeout:.0f} s"
        time.sleep(0.02)


@dataclass
class SmallStack:
    """A running stack, and the file of its output."""

    process: subprocess.Popen[bytes]
    output_file: Path
    folder: Path

    @property
    def output(self) -> str:
        return self.output_file.read_text()

    def processes(self) -> list[psutil.Process]:
        """All descendants of the supervisor, those of PostgreSQL too."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def process_of(self, service: str) -> psutil.Process:
        """The process of a service, by text in an argument of its command; folders of paths don't count."""
        children = psutil.Process(self.process.pid).children()
        # Valkey writes its path and its socket into one argument.
        [process] = [
            child
            for child in children
            if any(service in FOLDERS_OF_PATHS.sub("", argument) for argument in child.cmdline())
        ]
        return process

    def wait_for_output(self, text: str) -> None:
        wait_until(lambda: text in self.output or self.process.poll() is not None)
        assert text in self.output

    def wait_until_up(self) -> None:
        self.wait_for_output("Everything is up.")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(TIMEOUT)


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every process that works in that data folder or is marked with it."""
    processes = []
    for process in psutil.process_iter():
        try:
            in_folder = Path(process.cwd()).is_relative_to(folder)
            if in_folder or process.environ().get(MARK) == str(folder):
                processes.append(process)
        except (psutil.Error, OSError):
            continue
    return processes


@pytest.fixture
def ports() -> Iterator[range]:
    """Two ports, reserved during the test."""
    with reserve_ports(HOST, 2) as reserved:
        yield reserved


@pytest.fixture
def free_port(ports: range) -> int:
    return ports[0]


StartStack = Callable[..., SmallStack]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def start_stack(tmp_path: Path, data_dir: Path, free_port: int) -> Iterator[StartStack]:
    """Starts a stack; further programs are given as `name="Python code"`."""
    stacks: list[SmallStack] = []

    def start(folder: Path = data_dir, port: int = free_port, **programs: str) -> SmallStack:
        output_file = tmp_path / f"output-{len(stacks)}"
        command = [sys.executable, "-m", "tests.local.small_stack", str(folder), str(port)]
        with output_file.open("wb") as out:
            process = subprocess.Popen(
                [*command, *(f"{name}={code}" for name, code in programs.items())],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=Path(__file__).parents[2],
            )
        stacks.append(SmallStack(process, output_file, folder))
        return stacks[-1]

    yield start
    for stack in stacks:
        if stack.process.poll() is None:
            stack.stop()
    assert [process for stack in stacks for process in processes_of(stack.folder)] == []
    # A killed stack leaves the folder of its sockets, and `socket_folder` creates it.
    for stack in stacks:
        if stack.folder.exists():
            shutil.rmtree(socket_folder(stack.folder / "run"))
