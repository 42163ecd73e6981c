"""Small stacks: what they say and what they leave."""

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

PATIENCE = 60.0
STEADY = "import time; time.sleep(3600)"
FOLDERS = re.compile(r"\S*/")


def wait_until(question: Callable[[], bool], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not question():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.02)


@dataclass
class SmallStack:
    """A stack that runs, and what it has said so far."""

    process: subprocess.Popen[bytes]
    console: Path
    folder: Path

    @property
    def said(self) -> str:
        return self.console.read_text()

    def processes(self) -> list[psutil.Process]:
        """Every process below the supervisor, PostgreSQL's own children too."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def process_of(self, service: str) -> psutil.Process:
        """The process of a service, by text in an argument of its command; folders of paths don't count."""
        children = psutil.Process(self.process.pid).children()
        # Valkey writes its path and its socket into one argument.
        [found] = [child for child in children if any(service in FOLDERS.sub("", word) for word in child.cmdline())]
        return found

    def wait_until_said(self, text: str) -> None:
        wait_until(lambda: text in self.said or self.process.poll() is not None)
        assert text in self.said

    def wait_until_up(self) -> None:
        self.wait_until_said("Everything is up.")

    def tell(self, what: signal.Signals) -> None:
        self.process.send_signal(what)

    def stop(self) -> int:
        self.tell(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every process of that data folder, however it came to be there."""
    found = []
    for process in psutil.process_iter():
        try:
            in_folder = Path(process.cwd()).is_relative_to(folder)
            if in_folder or process.environ().get(MARK) == str(folder):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


@pytest.fixture
def ports() -> Iterator[range]:
    """Two that are nobody else's during the test."""
    with reserve_ports(HOST, 2) as held:
        yield held


@pytest.fixture
def free_port(ports: range) -> int:
    return ports[0]


StartStack = Callable[..., SmallStack]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def start_stack(tmp_path: Path, data_dir: Path, free_port: int) -> Iterator[StartStack]:
    """Starts a stack; tiny programs are given as `name="python code"`."""
    started: list[SmallStack] = []

    def start(folder: Path = data_dir, port: int = free_port, **tiny: str) -> SmallStack:
        console = tmp_path / f"console-{len(started)}"
        command = [sys.executable, "-m", "tests.local.small_stack", str(folder), str(port)]
        with console.open("wb") as out:
            process = subprocess.Popen(
                [*command, *(f"{name}={code}" for name, code in tiny.items())],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=Path(__file__).parents[2],
            )
        started.append(SmallStack(process, console, folder))
        return started[-1]

    yield start
    for stack in started:
        if stack.process.poll() is None:
            stack.stop()
    assert [process for stack in started for process in processes_of(stack.folder)] == []
    # A killed one leaves its sockets, and asking where they are makes the folder.
    for stack in started:
        if stack.folder.exists():
            shutil.rmtree(socket_folder(stack.folder / "run"))
