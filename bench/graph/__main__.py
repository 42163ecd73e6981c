"""Measures the four operations of `bench/queries.graphql`, beside hand-written statements that answer the same bytes.

The API with its database, and the clients, run on different cores. Each operation is asked by 1, 8 and 32 clients at
once; the ways of asking take turns, round by round, so that whatever else the machine does meets all of them. Before
that, all of them must answer alike; after it, access is computed three ways on the same data and must agree.
"""

import argparse
import asyncio
import os
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from bench.graph.access import check_access
from bench.graph.kept import kept_database
from bench.graph.load import Measured, load
from bench.graph.operations import (
    ADMINISTRATOR,
    HAND_WRITTEN,
    USER,
    VARIANTS,
    Asker,
    Linking,
    Variant,
    clients,
    operations,
    signed_in,
)
from bench.graph.same import check_same
from bench.graph.seed import Size
from bench.graph.serving import serving
from domain.database import close_database, open_database

CONCURRENCIES = (1, 8, 32)
WARM_UP = 1.0
SAMPLED = 20
"""Every how manieth organisation is looked at before and after measuring."""


def cores() -> tuple[set[int], set[int], set[int]]:
    """For the API, its database and the clients: the database shares the API's core where there are but two."""
    ours = sorted(os.sched_getaffinity(0))
    return {ours[0]}, set(ours[1:-1]) or {ours[0]}, {ours[-1]}


@contextmanager
def served(cores: set[int]) -> Iterator[list[tuple[Variant, int]]]:
    """Every way of asking, with the port of its server; those that tell it the same share one."""
    ports: dict[str, int] = {}
    with ExitStack() as running:
        for variant in VARIANTS:
            if str(variant.environment) not in ports:
                ports[str(variant.environment)] = running.enter_context(serving(variant.environment, cores))
        yield [(variant, ports[str(variant.environment)]) for variant in VARIANTS]


async def measure(asked: argparse.Namespace, size: Size, variants: list[tuple[Variant, int]]) -> None:
    """Asks, and prints a line for each operation, number of clients and way; the database must be open."""
    administrators, users = await signed_in(size, ADMINISTRATOR), await signed_in(size, USER)
    places = [await Linking.of(one, size) for one in administrators[: max(CONCURRENCIES)]]
    await check_same(variants, [*administrators[::SAMPLED], *users[::SAMPLED]], places[0])
    print("Every way answers the same bytes.")
    askers = users if asked.asker == "user" else administrators
    print(f"{'operation':<16} clients  {'way':<14} {'answers/s':>10} {'p50 ms':>9} {'p99 ms':>9}  of hand-written")
    for operation in asked.operations:
        for many in CONCURRENCIES:
            await _compare(asked, operation, many, variants, askers, places)


async def _compare(
    asked: argparse.Namespace,
    operation: str,
    many: int,
    variants: list[tuple[Variant, int]],
    askers: list[Asker],
    places: list[Linking],
) -> None:
    measured = {variant.name: Measured() for variant, _ in variants}
    for turn in range(asked.rounds + 1):
        for variant, port in variants:
            seconds = asked.seconds if turn else WARM_UP
            found = await load(port, clients(variant, operation, askers, places, many), seconds)
            if turn:
                measured[variant.name] += found
    _tell(operation, many, measured)


def _tell(operation: str, many: int, measured: Mapping[str, Measured]) -> None:
    least = measured[HAND_WRITTEN.name].rate
    for name, one in measured.items():
        print(
            f"{operation:<16} {many:>7}  {name:<14} {one.rate:>10.1f} {one.percentile(0.5):>9.2f}"
            f" {one.percentile(0.99):>9.2f}  {one.rate / least:.3f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.graph", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long one round lasts")
    parser.add_argument("--rounds", type=int, default=3, help="how many rounds each way gets")
    parser.add_argument("--operations", nargs="+", default=list(operations()), choices=list(operations()))
    parser.add_argument("--asker", default="administrator", choices=("administrator", "user"), help="who reads")
    parser.add_argument("--contracts", type=int, default=Size.contracts, help="contracts of each organisation")
    asked = parser.parse_args()
    size, (api, postgres, ours) = Size(contracts=asked.contracts), cores()
    with kept_database(size, postgres) as url:
        print(f"API on core {api}, PostgreSQL on {postgres}, clients on {ours}")
        print(f"{asked.rounds} rounds of {asked.seconds} s for each way, in turns")
        with served(api) as variants:
            os.sched_setaffinity(0, ours)
            asyncio.run(_with_database(url, measure(asked, size, variants)))
        asyncio.run(_with_database(url, check_access(size, SAMPLED)))


async def _with_database(url: str, work: Awaitable[None]) -> None:
    await open_database(url)
    try:
        await work
    finally:
        await close_database()


if __name__ == "__main__":
    main()
