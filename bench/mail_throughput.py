"""Mails a second of one worker from a full outbox, beside other ways to send the same mails; `make bench-mail`.

The mail server (`bench/mail/sink.py`), PostgreSQL and Valkey run on one core, whoever sends on another; the ways take
turns for several rounds. Counted from the first mail that the server took to the last, and for the worker to the moment
at which every mail stands in the outbox as sent. Ends with status 1 when what is promised isn't met.
"""

import os
import re
import signal
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.mail.stack import PATIENCE, ROOT, Stack, a_stack
from bench.waiting import until

MAILS, ROUNDS = int(os.environ.get("MAILS", "10000")), int(os.environ.get("ROUNDS", "3"))
PENDING = int(os.environ.get("PENDING", "100000"))
KEPT = 1000
"""Mails whose contents are kept in a file, for those that are measured without an outbox."""
OF_THE_ORDINARY, OF_THE_LOOP, MEGABYTES, FLAT = 8.0, 0.3, 200, 2.0
TASKIQ = ROOT / ".cache" / "bench-mail" / "taskiq"
WAITING = "select count(*) from delivery where status <> 'SENT'"
WORKER = (str(Path(sysconfig.get_path("scripts")) / "econtracting"), "worker")


@dataclass
class Run:
    """One way's figures."""

    rates: list[float] = field(default_factory=list)
    megabytes: float = 0.0

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)


def the_worker(stack: Stack, mails: int) -> tuple[float, float]:
    """The worker as it runs in production, from a full outbox; answers mails a second and its largest size in MB."""
    stack.run("outbox", mails)
    return work_off(stack, mails)


def work_off(stack: Stack, mails: int) -> tuple[float, float]:
    stack.say("XFRESH")
    worker = stack.start(*WORKER)
    watched, largest = psutil.Process(worker.pid), 0
    assert until(lambda: stack.count()[0], PATIENCE), "No mail came."
    already, begun = stack.count()[0], time.perf_counter()
    while stack.count()[0] < mails or stack.ask(WAITING):
        largest = max(largest, watched.memory_info().rss)
        assert worker.poll() is None, "The worker ended."
        time.sleep(0.1)
    seconds = time.perf_counter() - begun
    worker.send_signal(signal.SIGTERM)
    worker.wait(30)
    assert stack.count()[0] == mails, "A mail was sent twice."
    return (mails - already) / seconds, largest / 2**20


def counted(send: Callable[[Stack, int], None]) -> Callable[[Stack, int], tuple[float, float]]:
    """What the mail server counted while something sent."""

    def run(stack: Stack, mails: int) -> tuple[float, float]:
        stack.say("XFRESH")
        send(stack, mails)
        arrived, seconds = stack.count()
        assert arrived == mails, (arrived, mails)
        return (arrived - 1) / seconds, 0.0

    return run


def one_each(stack: Stack, mails: int) -> None:
    stack.run("outbox", mails)
    stack.run("one_each")


def ordinary(stack: Stack, mails: int) -> None:
    stack.run("ordinary", stack.folder / "mails", mails)


def bare(stack: Stack, mails: int) -> None:
    stack.run("bare", stack.folder / "mails", mails // KEPT)


def taskiq(stack: Stack, mails: int) -> None:
    stack.run("taskiq_app", mails, KEPT, python=TASKIQ / "bin" / "python")
    command = (str(TASKIQ / "bin" / "taskiq"), "worker", "bench.mail.taskiq_app:broker", "--workers", "1")
    worker = stack.start(*command, "--max-async-tasks", "50", "--no-configure-logging")
    until(lambda: stack.count()[0] >= mails or worker.poll() is not None, PATIENCE, every=0.05)
    worker.send_signal(signal.SIGTERM)
    worker.wait(30)


def make_taskiq() -> None:
    """An environment of its own: taskiq's Redis client is newer than the one that arq takes."""
    requirements = (ROOT / "requirements" / "production.txt").read_text()
    made = TASKIQ / "made"
    if made.exists() and made.read_text() == requirements:
        return
    locked = re.findall(r"^[\w.-]+==.*?(?= \\$)", requirements, re.MULTILINE)
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    needed = [each for each in wanted if not each.startswith("arq")]
    TASKIQ.parent.mkdir(parents=True, exist_ok=True)
    constraints = TASKIQ.parent / "constraints.txt"
    constraints.write_text("\n".join(each for each in locked if not each.startswith(("arq==", "redis=="))))
    uv = str(Path(sysconfig.get_path("scripts")) / "uv")
    for command in (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(TASKIQ)],
        [uv, "pip", "install", "--quiet", "--python", str(TASKIQ / "bin" / "python"), "-c", str(constraints),
         "taskiq", "taskiq-redis", *needed],
    ):  # fmt: skip
        subprocess.run(command, check=True)  # noqa: S603  # our own words
    made.write_text(requirements)


WAYS: dict[str, tuple[Callable[[Stack, int], tuple[float, float]], int]] = {
    "the worker": (the_worker, MAILS),
    "the worker, one connection per mail": (counted(one_each), MAILS // 10),
    "ordinary: EmailMessage, one kept connection": (counted(ordinary), KEPT),
    "taskiq: same mails, one kept connection": (counted(taskiq), MAILS // 2),
    "bare loop: written mails, one pipelined connection": (counted(bare), 2 * MAILS),
}
OURS, _, ORDINARY, _, LOOP = WAYS


def measure(stack: Stack) -> dict[str, Run]:
    runs = {name: Run() for name in WAYS}
    for _ in range(ROUNDS):
        for name, (way, mails) in WAYS.items():
            rate, megabytes = way(stack, mails)
            runs[name].rates.append(rate)
            runs[name].megabytes = max(runs[name].megabytes, megabytes)
    return runs


def told(runs: dict[str, Run]) -> bool:
    ours = runs[OURS].rate
    print(f"\n{'way':52} {'mails/s':>8} {'the worker is':>14}")
    for name, run in runs.items():
        print(f"{name:52} {run.rate:8.0f} {ours / run.rate:13.2f}x")
    kept = ours >= OF_THE_ORDINARY * runs[ORDINARY].rate and ours >= OF_THE_LOOP * runs[LOOP].rate
    promised = f"promised: {OF_THE_ORDINARY:g} x the ordinary way, {OF_THE_LOOP:g} x the bare loop"
    print(f"{promised}: {'kept' if kept else 'BROKEN'}")
    return kept


def claim_milliseconds(stack: Stack) -> float:
    """The median time of a claim of fifty, given back each time."""
    command = (sys.executable, "-m", "bench.mail.claiming", "200")
    return float(subprocess.check_output(command, env=stack.environment, cwd=ROOT, text=True))  # noqa: S603  # ours


def measure_much(stack: Stack) -> bool:
    """A claim with little and with much in the outbox, and the worker's size with much."""
    stack.run("outbox", 1000)
    few = claim_milliseconds(stack)
    stack.run("outbox", PENDING - 1000)
    many = claim_milliseconds(stack)
    print(f"\na claim of fifty: {few:.1f} ms with 1000 waiting, {many:.1f} ms with {PENDING} ({many / few:.2f}x)")
    rate, megabytes = work_off(stack, PENDING)
    print(f"{PENDING} waiting: {rate:.0f} mails/s, the worker {megabytes:.0f} MB at most (promised {MEGABYTES})")
    return many <= FLAT * few and megabytes < MEGABYTES


def main() -> None:
    # What was measured stands there even when the rest is broken off.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # it is no StringIO
    make_taskiq()
    with tempfile.TemporaryDirectory(prefix="bench-mail-") as folder, a_stack(Path(folder)) as stack:
        stack.run("outbox", KEPT, stack.folder / "mails")
        kept = [told(measure(stack)), measure_much(stack)]
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
