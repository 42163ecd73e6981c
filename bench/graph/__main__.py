"""Measures the operations of `bench/queries.graphql`, compared with hand-written SQL that returns the same bytes.

The API with its database, and the clients, run on different cores. Each operation is sent by 1, 8 and 32 concurrent
clients; the variants take turns, round by round, so that other load on the machine affects all of them. Before that,
all variants must return the same; afterwards, access is computed in three ways on the same data, which must agree.
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
    client_requests,
    operations,
    sign_in,
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
    """The cores of the API, its database and the clients; with only two, the database shares the API's core."""
    available = sorted(os.sched_getaffinity(0))
    return {available[0]}, set(available[1:-1]) or {available[0]}, {available[-1]}


RunningVariants = list[tuple[Variant, Server]]


@contextmanager
def running_variants(cores: set[int], names: Sequence[str]) -> Iterator[RunningVariants]:
    """The named variants, each with its server; those with the same command and environment share one."""
    servers: dict[str, Server] = {}
    with ExitStack() as stack:
        selected = [variant for variant in variants() if variant.name in names]
        for variant in selected:
            if variant.server not in servers:
                server = running_server(variant.environment, cores, variant.command)
                servers[variant.server] = stack.enter_context(server)
        yield [(variant, servers[variant.server]) for variant in selected]


async def measure(arguments: argparse.Namespace, size: Size, running: RunningVariants) -> None:
    """Measures, and prints a row for each operation, number of clients and variant; the database must be open."""
    administrators, users = await sign_in(size, ADMINISTRATOR), await sign_in(size, USER)
    scenarios = [await LinkScenario.of(viewer, size) for viewer in administrators[: max(arguments.clients)]]
    matching = [(variant, server.port) for variant, server in running if variant.must_match]
    await check_equivalence(matching, [*administrators[::SAMPLE_INTERVAL], *users[::SAMPLE_INTERVAL]], scenarios[0])
    print(f"The same bytes come from: {', '.join(variant.name for variant, _ in matching)}.")
    memory = Memory({variant.name: server.pid for variant, server in running})
    memory.print_usage("Cold")
    viewers = users if arguments.viewer == "user" else administrators
    print(f"{'operation':<16} clients  {'variant':<14} {'responses/s':>11} {'p50 ms':>9} {'p99 ms':>9}  engine to it")
    for operation in arguments.operations:
        for client_count in arguments.clients:
            await _compare(arguments, operation, client_count, running, viewers, scenarios)
    memory.print_usage("Warm")


async def _compare(
    arguments: argparse.Namespace,
    operation: str,
    client_count: int,
    running: RunningVariants,
    viewers: list[Viewer],
    scenarios: list[LinkScenario],
) -> None:
    participating = [(variant, server) for variant, server in running if client_count <= variant.max_clients]
    measurements = {variant.name: Measurement() for variant, _ in participating}
    for round_number in range(arguments.rounds + 1):
        for variant, server in participating:
            seconds = arguments.seconds if round_number else WARM_UP_SECONDS
            for scenario in scenarios:
                await scenario.refresh()
            requests = client_requests(variant, operation, viewers, scenarios, client_count)
            measurement = await run_load(server.port, requests, seconds)
            if round_number:
                measurements[variant.name] += measurement
    _print_rows(operation, client_count, measurements)


def _print_rows(operation: str, client_count: int, measurements: Mapping[str, Measurement]) -> None:
    engine = measurements[ENGINE.name].rate if ENGINE.name in measurements else float("nan")
    for name, measurement in measurements.items():
        print(
            f"{operation:<16} {client_count:>7}  {name:<14} {measurement.rate:>11.1f}"
            f" {measurement.percentile(0.5):>9.2f} {measurement.percentile(0.99):>9.2f}"
            f"  {engine / measurement.rate:.2f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.graph", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="duration of a round")
    parser.add_argument("--rounds", type=int, default=3, help="number of rounds")
    parser.add_argument("--operations", nargs="+", default=list(operations()), choices=list(operations()))
    parser.add_argument("--clients", nargs="+", type=int, default=CONCURRENCIES, help="numbers of concurrent clients")
    parser.add_argument(
        "--asker", dest="viewer", default="administrator", choices=("administrator", "user"), help="role of the viewers"
    )
    parser.add_argument(
        "--ways", nargs="+", default=[variant.name for variant in variants()], help="variants to compare"
    )
    parser.add_argument("--contracts", type=int, default=Size.contracts, help="contracts of each organisation")
    parser.add_argument("--organisations", type=int, default=Size.organisations, help="organisations")
    arguments = parser.parse_args()
    size = Size(organisations=arguments.organisations, contracts=arguments.contracts)
    api_cores, database_cores, client_cores = cores()
    with bench_database(size, database_cores) as url:
        print(f"API on core {api_cores}, PostgreSQL on {database_cores}, clients on {client_cores}")
        print(f"{arguments.rounds} rounds of {arguments.seconds} s for each variant, in turns")
        with running_variants(api_cores, arguments.ways) as running:
            os.sched_setaffinity(0, client_cores)
            asyncio.run(_with_database(url, measure(arguments, size, running)))
        if size.contracts <= Size.contracts:  # the naive implementation would take minutes for more
            asyncio.run(_with_database(url, check_access(size, SAMPLE_INTERVAL)))


async def _with_database(url: str, work: Awaitable[None]) -> None:
    await open_database(url)
    try:
        await work
    finally:
        await close_database()


if __name__ == "__main__":
    main()
