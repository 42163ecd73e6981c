"""A demo as its user has it: `make demo` in a process of its own, its parts, its mails and its rows."""

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
# The tests may themselves run below a make, whose word is not for this one.
OF_MAKE = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
# What a part's program is called, or its command's last word.
WORDS = {"valkey": "valkey-server", "smtp-sink": "sink", "worker": "worker", "api": "serve"}


class RunningDemo:
    """One `make demo` on a data folder of its own; started when it is made, on ports of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = DataFolder(folder)
        self.database = DemoDatabase(self.folder)
        self._held = ExitStack()
        self.ports = DemoPorts(self._held.enter_context(reserve_ports(HOST, 3))[0])
        self._read: dict[str, EmailMessage] = {}
        self._console = folder.with_suffix(".console")
        environment = {name: value for name, value in os.environ.items() if name not in OF_MAKE}
        environment |= {"PORT": str(self.ports.api), "DATA_DIR": str(folder), "DATABASE_URL": "", "REDIS_URL": ""}
        with self._console.open("wb") as out:
            self.make = subprocess.Popen(
                ["make", "--old-file=setup", "demo"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """What stands on its console."""
        return self._console.read_text()

    @property
    def lives(self) -> bool:
        """Whether it has neither ended nor been ended."""
        return self.make.poll() is None

    def wait_until_up(self) -> None:
        """Waits for the line that says so."""
        wait_until(lambda: "Ready after" in self.said or not self.lives)
        assert self.lives, self.said

    def supervisor(self) -> psutil.Process:
        """The process that make has started, and that has started all others."""
        [found] = psutil.Process(self.make.pid).children()
        return found

    def part(self, name: str) -> psutil.Process:
        """The process of a part, by the name that the supervisor calls it."""
        word = WORDS[name]
        [found] = [each for each in self.supervisor().children() if word in (each.name(), *each.cmdline()[-1:])]
        return found

    def restarts(self, part: str) -> int:
        """How often the supervisor has started it again."""
        return self.said.count(f"{part} was started again.")

    def wait_until_restarted(self, part: str, before: int) -> None:
        """Waits until it has been started again more often than so many times."""
        wait_until(lambda: self.restarts(part) > before)

    def processes(self) -> list[psutil.Process]:
        """Every process that belongs to its folder, wherever in the tree it stands by now."""
        return processes_of(self.folder.path)

    def stop(self) -> int:
        """Stops it as its user would, in good order, and answers with the exit code of make."""
        with self._held:
            if self.lives:
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
        """Those that name a document of that title."""
        return [mail for mail in self.mails() if title in text_of(mail)]


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """The words of a mail, without formatting unless `html` is asked for."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
