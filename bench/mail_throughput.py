"""Mails per second of one worker from a full outbox, compared with other ways to send them; `make bench-mail`.

The mail server (`bench/mail/counting_sink.py`), PostgreSQL and Valkey run on one core, the sender on another; the
variants take turns for several rounds. A rate is counted from the first mail that the server accepted to the last, for
the worker to the moment at which every mail is recorded as sent. Exits with status 1 if a goal is missed.
"""

import statistics
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from bench.mail.stack import Stack, running_stack
from bench.mail.taskiq_environment import install_taskiq
from bench.mail.variants import (
    BARE_LOOP_VARIANT,
    ORDINARY_VARIANT,
    SAMPLE_MAILS,
    WORKER_VARIANT,
    empty_outbox,
    variants,
)

FEW_PENDING = 1000
"""Mails in the outbox with which a full one is compared."""
MIN_MAILS = 20
"""Fewer make no rate: the slowest variant sends a tenth of them, and a rate is counted from the first to the last."""
ORDINARY_GOAL, BARE_LOOP_GOAL, MEGABYTES_GOAL, CLAIM_GROWTH_GOAL = 8.0, 0.3, 200, 2.0


@dataclass
class Rounds:
    """The rates of a variant, one for each round."""

    rates: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)


def measure_variants(stack: Stack, mails: int, rounds: int) -> dict[str, Rounds]:
    compared = variants(mails)
    results = {name: Rounds() for name in compared}
    for _ in range(rounds):
        for name, variant in compared.items():
            results[name].rates.append(variant.measure(stack, variant.mails).rate)
    return results


def report(results: Mapping[str, Rounds]) -> bool:
    """Prints the rate of each variant; returns whether both goals were reached."""
    worker = results[WORKER_VARIANT].rate
    print(f"\n{'variant':52} {'mails/s':>8} {'the worker is':>14}")
    for name, result in results.items():
        print(f"{name:52} {result.rate:8.0f} {worker / result.rate:13.2f}x")
    goals = {f"{ORDINARY_GOAL:g} x ordinary": worker >= ORDINARY_GOAL * results[ORDINARY_VARIANT].rate,
             f"{BARE_LOOP_GOAL:g} x bare loop": worker >= BARE_LOOP_GOAL * results[BARE_LOOP_VARIANT].rate}  # fmt: skip
    print("goals:", ", ".join(f"{goal}: {'reached' if reached else 'missed'}" for goal, reached in goals.items()))
    return all(goals.values())


def claim_milliseconds(stack: Stack) -> float:
    """The median duration of a claim of fifty mails, which are released each time."""
    return float(stack.output_of("claim_duration", 200))


def measure_full_outbox(stack: Stack, pending: int) -> bool:
    """Measures claims with few and with many mails in the outbox, and the worker's memory with many."""
    stack.run("outbox", FEW_PENDING)
    few = claim_milliseconds(stack)
    stack.run("outbox", pending - FEW_PENDING)
    many = claim_milliseconds(stack)
    growth = many / few
    print(f"\na claim of fifty: {few:.1f} ms with {FEW_PENDING} pending, {many:.1f} ms with {pending} ({growth:.2f}x)")
    rate, megabytes = empty_outbox(stack, pending)
    print(f"{pending} pending: {rate:.0f} mails/s, the worker {megabytes:.0f} MB at most (goal {MEGABYTES_GOAL})")
    return growth <= CLAIM_GROWTH_GOAL and megabytes < MEGABYTES_GOAL


def main(
    mails: Annotated[int, typer.Option(envvar="MAILS", min=MIN_MAILS, help="Mails that the worker sends.")] = 10_000,
    rounds: Annotated[int, typer.Option(envvar="ROUNDS", min=1, help="Rounds of all variants.")] = 3,
    pending: Annotated[
        int, typer.Option(envvar="PENDING", min=FEW_PENDING + 1, help="Mails of the full outbox.")
    ] = 100_000,
) -> None:
    # An interrupted run has printed what was measured so far.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # it is no StringIO
    install_taskiq()
    with tempfile.TemporaryDirectory(prefix="bench-mail-") as folder, running_stack(Path(folder)) as stack:
        stack.run("outbox", SAMPLE_MAILS, stack.folder / "mails")
        reached = [report(measure_variants(stack, mails, rounds))]
        print(f"the mail server answers a no-op after {stack.output_of('round_trip', 5000)} µs")
        reached.append(measure_full_outbox(stack, pending))
    sys.exit(0 if all(reached) else 1)


if __name__ == "__main__":
    typer.run(main)
