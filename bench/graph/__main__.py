"""Measures the four operations of `bench/queries.graphql`, beside hand-written statements that answer the same bytes.

The API with its database, and the clients, run on different cores. Each operation is sent by 1, 8 and 32 clients at
once; the variants take turns, round by round, so that whatever else the machine does meets all of them. Before
that, all of them must return the same; after it, access is computed three ways on the same data and must agree.
"""

import argparse
import asyncio
import os
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from bench.graph.access import check_access
from bench.graph.bench_database import bench_database
from bench.graph.equivalence import check_equivalence
from bench.graph.load import Measurement, run_load
from bench.graph.memory import Memory
from bench.graph.operations import (
    ADMINISTRATOR,
    ENGINE,
    USER,
    LinkScenario,
    Variant,
    Viewer,
    clients,
    operations,
    signed_in,
    variants,
)
from bench.graph.seed import Size
from bench.graph.server_process import Server, running_server
from domain.database.connection import close_database, open_database

CONCURRENCIES = (1, 8, 32)
WARM_UP_SECONDS = 1.0
SAMPLE_INTERVAL = 20
"""One organisation in this many is checked before and after measuring."""


def cores() -> tuple[set[int], set[int], set[int]]:
    """For the API, its database and the clients: the database shares the API's core where there are but two."""
    ours = sorted(os.sched_getaffinity(0))
    return {ours[0]}, set(ours[1:-1]) or {ours[0]}, {ours[-1]}


RunningVariants = list[tuple[Variant, Server]]


@contextmanager
def running_variants(cores: set[int], names: Sequence[str]) -> Iterator[RunningVariants]:
    """The named variants, each with its server; those with the same command and environment share one."""
    servers: dict[str, Server] = {}
    with ExitStack() as running:
        chosen = [variant for variant in variants() if variant.name in names]
        for variant in chosen:
            if variant.server not in servers:
                server = running_server(variant.environment, cores, variant.command)
                servers[variant.server] = running.enter_context(server)
        yield [(variant, servers[variant.server]) for variant in chosen]


async def measure(arguments: argparse.Namespace, size: Size, running: RunningVariants) -> None:
    """Measures, and prints a row for each operation, number of clients and variant; the database must be open."""
    administrators, users = await signed_in(size, ADMINISTRATOR), await signed_in(size, USER)
    scenarios = [await LinkScenario.of(one, size) for one in administrators[: max(arguments.clients)]]
    matching = [(variant, server.port) for variant, server in running if variant.must_match]
    await check_equivalence(matching, [*administrators[::SAMPLE_INTERVAL], *users[::SAMPLE_INTERVAL]], scenarios[0])
    print(f"The same bytes come from: {', '.join(variant.name for variant, _ in matching)}.")
    memory = Memory({variant.name: server.pid for variant, server in running})
    memory.print_usage("Cold")
    viewers = users if arguments.viewer == "user" else administrators
    print(f"{'operation':<16} clients  {'way':<14} {'answers/s':>10} {'p50 ms':>9} {'p99 ms':>9}  engine to it")
    for operation in arguments.operations:
        for many in arguments.clients:
            await _compare(arguments, operation, many, running, viewers, scenarios)
    memory.print_usage("Warm")


async def _compare(
    arguments: argparse.Namespace,
    operation: str,
    many: int,
    running: RunningVariants,
    viewers: list[Viewer],
    scenarios: list[LinkScenario],
) -> None:
    participating = [(variant, server) for variant, server in running if many <= variant.max_clients]
    measurements = {variant.name: Measurement() for variant, _ in participating}
    for round_number in range(arguments.rounds + 1):
        for variant, server in participating:
            seconds = arguments.seconds if round_number else WARM_UP_SECONDS
            for scenario in scenarios:
                await scenario.refresh()
            measurement = await run_load(server.port, clients(variant, operation, viewers, scenarios, many), seconds)
            if round_number:
                measurements[variant.name] += measurement
    _print_rows(operation, many, measurements)


def _print_rows(operation: str, many: int, measurements: Mapping[str, Measurement]) -> None:
    engine = measurements[ENGINE.name].rate if ENGINE.name in measurements else float("nan")
    for name, measurement in measurements.items():
        print(
            f"{operation:<16} {many:>7}  {name:<14} {measurement.rate:>10.1f} {measurement.percentile(0.5):>9.2f}"
            f" {measurement.percentile(0.99):>9.2f}  {engine / measurement.rate:.2f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.graph", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long one round lasts")
    parser.add_argument("--rounds", type=int, default=3, help="how many rounds each way gets")
    parser.add_argument("--operations", nargs="+", default=list(operations()), choices=list(operations()))
    parser.add_argument("--clients", nargs="+", type=int, default=CONCURRENCIES, help="how many ask at once")
    parser.add_argument(
        "--asker", dest="viewer", default="administrator", choices=("administrator", "user"), help="who reads"
    )
    parser.add_argument(
        "--ways", nargs="+", default=[variant.name for variant in variants()], help="which ways take part"
    )
    parser.add_argument("--contracts", type=int, default=Size.contracts, help="contracts of each organisation")
    parser.add_argument("--organisations", type=int, default=Size.organisations, help="organisations")
    arguments = parser.parse_args()
    size = Size(organisations=arguments.organisations, contracts=arguments.contracts)
    api, postgres, ours = cores()
    with bench_database(size, postgres) as url:
        print(f"API on core {api}, PostgreSQL on {postgres}, clients on {ours}")
        print(f"{arguments.rounds} rounds of {arguments.seconds} s for each way, in turns")
        with running_variants(api, arguments.ways) as running:
            os.sched_setaffinity(0, ours)
            asyncio.run(_with_database(url, measure(arguments, size, running)))
        if size.contracts <= Size.contracts:  # the naive reading of more would take minutes
            asyncio.run(_with_database(url, check_access(size, SAMPLE_INTERVAL)))


async def _with_database(url: str, work: Awaitable[None]) -> None:
    await open_database(url)
    try:
        await work
    finally:
        await close_database()


if __name__ == "__main__":
    main()
