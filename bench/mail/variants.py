"""The ways to send mails that `make bench-mail` compares."""

import signal
import sysconfig
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psutil

from bench.mail.stack import TIMEOUT, Stack
from bench.mail.taskiq_environment import TASKIQ
from bench.waiting import wait_until

SAMPLE_MAILS = 1000
"""Mails whose contents are stored in a file, for variants without an outbox."""
UNSENT = "select count(*) from delivery where status <> 'SENT'"
WORKER = (str(Path(sysconfig.get_path("scripts")) / "econtracting"), "worker")
WORKER_VARIANT, ORDINARY_VARIANT, BARE_LOOP_VARIANT = (
    "the worker",
    "ordinary: EmailMessage, one persistent connection",
    "bare loop: composed mails, one pipelined connection",
)


class Measurement(NamedTuple):
    """Mails per second, and, where it is measured, the peak memory of the sender."""

    rate: float
    megabytes: float = 0.0


Measure = Callable[[Stack, int], Measurement]
"""Sends so many mails."""


@dataclass(frozen=True)
class Variant:
    """A way to send mails, and how many it sends: so many that it takes seconds."""

    measure: Measure
    mails: int


def measure_worker(stack: Stack, mails: int) -> Measurement:
    """The worker as in production, from a full outbox."""
    stack.run("outbox", mails)
    return empty_outbox(stack, mails)


def empty_outbox(stack: Stack, mails: int) -> Measurement:
    """Runs the worker until every mail of the outbox is recorded as sent."""
    stack.reset_count()
    worker = stack.start(*WORKER)
    process, peak = psutil.Process(worker.pid), 0
    assert wait_until(lambda: stack.count().mails, TIMEOUT), "No mail came."
    is_sending = True
    while is_sending:
        peak = max(peak, process.memory_info().rss)
        assert worker.poll() is None, "The worker ended."
        time.sleep(0.1)
        is_sending = stack.count().mails < mails or stack.fetch_number(UNSENT) > 0
    seconds = stack.count().since_first
    worker.send_signal(signal.SIGTERM)
    worker.wait(30)
    assert stack.count().mails == mails, "A mail was sent twice."
    return Measurement((mails - 1) / seconds, peak / 2**20)


def counted_by_sink(send: Callable[[Stack, int], None]) -> Measure:
    """Measures what the mail server counts while something sends."""

    def measure(stack: Stack, mails: int) -> Measurement:
        stack.reset_count()
        send(stack, mails)
        count = stack.count()
        assert count.mails == mails, (count, mails)
        return Measurement((mails - 1) / count.first_to_last)

    return measure


def send_by_connection_per_mail(stack: Stack, mails: int) -> None:
    stack.run("outbox", mails)
    stack.run("connection_per_mail")


def send_ordinarily(stack: Stack, mails: int) -> None:
    stack.run("ordinary", stack.folder / "mails", mails)


def send_in_bare_loop(stack: Stack, mails: int) -> None:
    stack.run("bare_loop", stack.folder / "mails", mails)


def send_by_taskiq(stack: Stack, mails: int) -> None:
    stack.run("taskiq_app", mails, SAMPLE_MAILS, python=TASKIQ / "bin" / "python")
    command = (str(TASKIQ / "bin" / "taskiq"), "worker", "bench.mail.taskiq_app:broker", "--workers", "1")
    worker = stack.start(*command, "--max-async-tasks", "50", "--no-configure-logging")
    wait_until(lambda: stack.count().mails >= mails or worker.poll() is not None, TIMEOUT, interval=0.05)
    worker.send_signal(signal.SIGTERM)
    worker.wait(30)


def variants(mails: int) -> dict[str, Variant]:
    """The variants by name."""
    return {
        WORKER_VARIANT: Variant(measure_worker, mails),
        "the worker, one connection per mail": Variant(counted_by_sink(send_by_connection_per_mail), mails // 10),
        ORDINARY_VARIANT: Variant(counted_by_sink(send_ordinarily), min(mails, SAMPLE_MAILS)),
        "taskiq: same mails, one persistent connection": Variant(counted_by_sink(send_by_taskiq), mails // 2),
        BARE_LOOP_VARIANT: Variant(counted_by_sink(send_in_bare_loop), 2 * mails),
    }
