"""Measures the four operations of `bench/queries.graphql`, beside hand-written statements that answer the same bytes.

The API with its database, and the clients, run on different cores. Each operation is asked by 1, 8 and 32 clients at
once; the ways of asking take turns, round by round, so that whatever else the machine does meets all of them. Before
that, all of them must answer alike; after it, access is computed three ways on the same data and must agree.
"""

import argparse
import asyncio
import os
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from bench.graph.access import check_access
from bench.graph.kept import kept_database
from bench.graph.load import Measured, load
from bench.graph.memory import Memory
from bench.graph.operations import (
    ADMINISTRATOR,
    ENGINE,
    USER,
    Asker,
    Linking,
    Variant,
    clients,
    operations,
    signed_in,
    variants,
)
from bench.graph.same import check_same
from bench.graph.seed import Size
from bench.graph.serving import Server, serving
from domain.database.connection import close_database, open_database

CONCURRENCIES = (1, 8, 32)
WARM_UP = 1.0
SAMPLED = 20
"""Every how manieth organisation is looked at before and after measuring."""


def cores() -> tuple[set[int], set[int], set[int]]:
    """For the API, its database and the clients: the database shares the API's core where there are but two."""
    ours = sorted(os.sched_getaffinity(0))
    return {ours[0]}, set(ours[1:-1]) or {ours[0]}, {ours[-1]}


Served = list[tuple[Variant, Server]]


@contextmanager
def served(cores: set[int], names: Sequence[str]) -> Iterator[Served]:
    """The ways of asking that are named, each with its server; those that tell it the same share one."""
    servers: dict[str, Server] = {}
    with ExitStack() as running:
        ways = [way for way in variants() if way.name in names]
        for way in ways:
            if way.server not in servers:
                servers[way.server] = running.enter_context(serving(way.environment, cores, way.command))
        yield [(way, servers[way.server]) for way in ways]


async def measure(asked: argparse.Namespace, size: Size, ways: Served) -> None:
    """Asks, and prints a line for each operation, number of clients and way; the database must be open."""
    administrators, users = await signed_in(size, ADMINISTRATOR), await signed_in(size, USER)
    places = [await Linking.of(one, size) for one in administrators[: max(asked.clients)]]
    same = [(way, server.port) for way, server in ways if way.same]
    await check_same(same, [*administrators[::SAMPLED], *users[::SAMPLED]], places[0])
    print(f"The same bytes come from: {', '.join(way.name for way, _ in same)}.")
    memory = Memory({way.name: server.process for way, server in ways})
    memory.tell("Cold")
    askers = users if asked.asker == "user" else administrators
    print(f"{'operation':<16} clients  {'way':<14} {'answers/s':>10} {'p50 ms':>9} {'p99 ms':>9}  engine to it")
    for operation in asked.operations:
        for many in asked.clients:
            await _compare(asked, operation, many, ways, askers, places)
    memory.tell("Warm")


async def _compare(
    asked: argparse.Namespace,
    operation: str,
    many: int,
    ways: Served,
    askers: list[Asker],
    places: list[Linking],
) -> None:
    taking_part = [(way, server) for way, server in ways if many <= way.most]
    measured = {way.name: Measured() for way, _ in taking_part}
    for turn in range(asked.rounds + 1):
        for way, server in taking_part:
            seconds = asked.seconds if turn else WARM_UP
            for place in places:
                await place.refresh()
            found = await load(server.port, clients(way, operation, askers, places, many), seconds)
            if turn:
                measured[way.name] += found
    _tell(operation, many, measured)


def _tell(operation: str, many: int, measured: Mapping[str, Measured]) -> None:
    engine = measured[ENGINE.name].rate if ENGINE.name in measured else float("nan")
    for name, one in measured.items():
        print(
            f"{operation:<16} {many:>7}  {name:<14} {one.rate:>10.1f} {one.percentile(0.5):>9.2f}"
            f" {one.percentile(0.99):>9.2f}  {engine / one.rate:.2f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.graph", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long one round lasts")
    parser.add_argument("--rounds", type=int, default=3, help="how many rounds each way gets")
    parser.add_argument("--operations", nargs="+", default=list(operations()), choices=list(operations()))
    parser.add_argument("--clients", nargs="+", type=int, default=CONCURRENCIES, help="how many ask at once")
    parser.add_argument("--asker", default="administrator", choices=("administrator", "user"), help="who reads")
    parser.add_argument("--ways", nargs="+", default=[way.name for way in variants()], help="which ways take part")
    parser.add_argument("--contracts", type=int, default=Size.contracts, help="contracts of each organisation")
    parser.add_argument("--organisations", type=int, default=Size.organisations, help="organisations")
    asked = parser.parse_args()
    size = Size(organisations=asked.organisations, contracts=asked.contracts)
    api, postgres, ours = cores()
    with kept_database(size, postgres) as url:
        print(f"API on core {api}, PostgreSQL on {postgres}, clients on {ours}")
        print(f"{asked.rounds} rounds of {asked.seconds} s for each way, in turns")
        with served(api, asked.ways) as ways:
            os.sched_setaffinity(0, ours)
            asyncio.run(_with_database(url, measure(asked, size, ways)))
        if size.contracts <= Size.contracts:  # the naive reading of more would take minutes
            asyncio.run(_with_database(url, check_access(size, SAMPLED)))


async def _with_database(url: str, work: Awaitable[None]) -> None:
    await open_database(url)
    try:
        await work
    finally:
        await close_database()


if __name__ == "__main__":
    main()
