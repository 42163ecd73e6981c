"""A running demo: `make demo` in a process of its own, its services, mails and database."""

import os
import signal
import subprocess
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path

import psutil

from local.data_folder import DataFolder
from local.demo_environment import DemoPorts
from local.mailbox.maildir import arrived_mails
from local.ports import reserve_ports
from local.stack import HOST
from tests.end_to_end.database import DemoDatabase
from tests.local.conftest import TIMEOUT, processes_of, wait_until

ROOT = Path(__file__).parents[2]
# The tests may run below a make themselves, whose variables must not reach this one.
MAKE_VARIABLES = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
# By service, the name of its program or the last word of its command.
PROGRAMS = {"valkey": "valkey-server", "smtp-sink": "sink", "worker": "worker", "api": "serve"}


class RunningDemo:
    """A `make demo` with a data folder and ports of its own; it is started by the constructor."""

    def __init__(self, folder: Path) -> None:
        self.folder = DataFolder(folder)
        self.database = DemoDatabase(self.folder)
        self._reserved_ports = ExitStack()
        self.ports = DemoPorts(self._reserved_ports.enter_context(reserve_ports(HOST, 3))[0])
        self._read: dict[str, EmailMessage] = {}
        self._console = folder.with_suffix(".console")
        environment = {name: value for name, value in os.environ.items() if name not in MAKE_VARIABLES}
        environment |= {"PORT": str(self.ports.api), "DATA_DIR": str(folder), "DATABASE_URL": "", "REDIS_URL": ""}
        with self._console.open("wb") as output:
            self.make = subprocess.Popen(
                ["make", "--old-file=setup", "demo"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """The output on its console so far."""
        return self._console.read_text()

    @property
    def is_running(self) -> bool:
        return self.make.poll() is None

    def wait_until_up(self) -> None:
        """Waits until it reports that it is ready."""
        wait_until(lambda: "Ready after" in self.said or not self.is_running)
        assert self.is_running, self.said

    def supervisor(self) -> psutil.Process:
        """The child of make, which is the parent of all services."""
        [process] = psutil.Process(self.make.pid).children()
        return process

    def part(self, name: str) -> psutil.Process:
        """The process of a service, by the name that the supervisor calls it."""
        program = PROGRAMS[name]
        [service] = [
            process for process in self.supervisor().children() if program in (process.name(), *process.cmdline()[-1:])
        ]
        return service

    def restarts(self, part: str) -> int:
        """How often the supervisor has restarted a service."""
        return self.said.count(f"{part} was started again.")

    def wait_until_restarted(self, part: str, before: int) -> None:
        """Waits until a service has been restarted more than `before` times."""
        wait_until(lambda: self.restarts(part) > before)

    def processes(self) -> list[psutil.Process]:
        """Every process that belongs to its data folder, whatever its parent is by now."""
        return processes_of(self.folder.path)

    def stop(self) -> int:
        """Stops it by Ctrl-C, as its user would; returns the exit code of make."""
        with self._reserved_ports:
            if self.is_running:
                os.killpg(self.make.pid, signal.SIGINT)
            return self.make.wait(TIMEOUT)

    def mail_count(self) -> int:
        """How many mails have arrived."""
        return len(arrived_mails(self.folder.mail))

    def mails(self) -> list[EmailMessage]:
        """Every mail that has arrived, oldest first; `Delivered-To` is the envelope's recipient."""
        arrived = list(reversed(arrived_mails(self.folder.mail)))
        for mail in arrived:
            if mail.key not in self._read:
                self._read[mail.key] = mail.message()
        return [self._read[mail.key] for mail in arrived]

    def mails_about(self, title: str) -> list[EmailMessage]:
        """The mails that contain this title."""
        return [mail for mail in self.mails() if title in text_of(mail)]


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """The plain text body of a mail, or the one of this kind."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
