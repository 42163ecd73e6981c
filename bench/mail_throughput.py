"""Mails a second of one worker from a full outbox, beside other ways to send the same mails; `make bench-mail`.

The mail server (`bench/mail/sink.py`), PostgreSQL and Valkey run on one core, whoever sends on another; the ways take
turns for several rounds. Counted from the first mail that the server took to the last, and for the worker to the moment
at which every mail stands in the outbox as sent. Ends with status 1 when what is promised isn't met.
"""

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
from typing import Annotated

import psutil
import typer

from bench.mail.stack import PATIENCE, ROOT, Stack, a_stack
from bench.waiting import until

LITTLE = 1000
"""Mails that wait where it is measured what much costs beside little."""
FEWEST = 20
"""Mails of which a tenth are still two: a rate is told from the first to the last."""
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
    assert until(lambda: stack.count().mails, PATIENCE), "No mail came."
    waits = True
    while waits:
        largest = max(largest, watched.memory_info().rss)
        assert worker.poll() is None, "The worker ended."
        time.sleep(0.1)
        waits = stack.count().mails < mails or stack.ask(WAITING) > 0
    seconds = stack.count().ago
    worker.send_signal(signal.SIGTERM)
    worker.wait(30)
    assert stack.count().mails == mails, "A mail was sent twice."
    return (mails - 1) / seconds, largest / 2**20


def counted(send: Callable[[Stack, int], None]) -> Callable[[Stack, int], tuple[float, float]]:
    """What the mail server counted while something sent."""

    def run(stack: Stack, mails: int) -> tuple[float, float]:
        stack.say("XFRESH")
        send(stack, mails)
        arrived = stack.count()
        assert arrived.mails == mails, (arrived, mails)
        return (mails - 1) / arrived.seconds, 0.0

    return run


def one_each(stack: Stack, mails: int) -> None:
    stack.run("outbox", mails)
    stack.run("one_each")


def ordinary(stack: Stack, mails: int) -> None:
    stack.run("ordinary", stack.folder / "mails", mails)


def bare(stack: Stack, mails: int) -> None:
    stack.run("bare", stack.folder / "mails", mails)


def taskiq(stack: Stack, mails: int) -> None:
    stack.run("taskiq_app", mails, KEPT, python=TASKIQ / "bin" / "python")
    command = (str(TASKIQ / "bin" / "taskiq"), "worker", "bench.mail.taskiq_app:broker", "--workers", "1")
    worker = stack.start(*command, "--max-async-tasks", "50", "--no-configure-logging")
    until(lambda: stack.count().mails >= mails or worker.poll() is not None, PATIENCE, every=0.05)
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


Way = Callable[[Stack, int], tuple[float, float]]
OURS, ORDINARY, LOOP = (
    "the worker",
    "ordinary: EmailMessage, one kept connection",
    "bare loop: written mails, one pipelined connection",
)


def ways(mails: int) -> dict[str, tuple[Way, int]]:
    """Each way by name, with the mails that it is given: so many that each takes seconds."""
    return {
        OURS: (the_worker, mails),
        "the worker, one connection per mail": (counted(one_each), mails // 10),
        ORDINARY: (counted(ordinary), min(mails, KEPT)),
        "taskiq: same mails, one kept connection": (counted(taskiq), mails // 2),
        LOOP: (counted(bare), 2 * mails),
    }


def measure(stack: Stack, mails: int, rounds: int) -> dict[str, Run]:
    measured = ways(mails)
    runs = {name: Run() for name in measured}
    for _ in range(rounds):
        for name, (way, number) in measured.items():
            rate, megabytes = way(stack, number)
            runs[name].rates.append(rate)
            runs[name].megabytes = max(runs[name].megabytes, megabytes)
    return runs


def report(runs: dict[str, Run]) -> bool:
    """Prints what each way came to; answers whether both promises are kept."""
    ours = runs[OURS].rate
    print(f"\n{'way':52} {'mails/s':>8} {'the worker is':>14}")
    for name, run in runs.items():
        print(f"{name:52} {run.rate:8.0f} {ours / run.rate:13.2f}x")
    promises = {f"{OF_THE_ORDINARY:g} x the ordinary way": ours >= OF_THE_ORDINARY * runs[ORDINARY].rate,
                f"{OF_THE_LOOP:g} x the bare loop": ours >= OF_THE_LOOP * runs[LOOP].rate}  # fmt: skip
    print("promised:", ", ".join(f"{promise}: {'kept' if kept else 'BROKEN'}" for promise, kept in promises.items()))
    return all(promises.values())


def claim_milliseconds(stack: Stack) -> float:
    """The median time of a claim of fifty, given back each time."""
    return float(stack.hear("claiming", 200))


def measure_much(stack: Stack, pending: int) -> bool:
    """A claim with little and with much in the outbox, and the worker's size with much."""
    stack.run("outbox", LITTLE)
    few = claim_milliseconds(stack)
    stack.run("outbox", pending - LITTLE)
    many = claim_milliseconds(stack)
    print(f"\na claim of fifty: {few:.1f} ms with {LITTLE} waiting, {many:.1f} ms with {pending} ({many / few:.2f}x)")
    rate, megabytes = work_off(stack, pending)
    print(f"{pending} waiting: {rate:.0f} mails/s, the worker {megabytes:.0f} MB at most (promised {MEGABYTES})")
    return many <= FLAT * few and megabytes < MEGABYTES


def main(
    mails: Annotated[int, typer.Option(envvar="MAILS", min=FEWEST, help="Mails that the worker is given.")] = 10_000,
    rounds: Annotated[int, typer.Option(envvar="ROUNDS", min=1, help="Times that the ways take turns.")] = 3,
    pending: Annotated[int, typer.Option(envvar="PENDING", min=LITTLE + 1, help="Mails that are much.")] = 100_000,
) -> None:
    # What was measured stands there even when the rest is broken off.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # it is no StringIO
    make_taskiq()
    with tempfile.TemporaryDirectory(prefix="bench-mail-") as folder, a_stack(Path(folder)) as stack:
        stack.run("outbox", KEPT, stack.folder / "mails")
        kept = [report(measure(stack, mails, rounds))]
        print(f"the mail server answers a word that asks nothing after {stack.hear('round_trip', 5000)} µs")
        kept.append(measure_much(stack, pending))
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    typer.run(main)
