"""`python -m bench.graph.documents`: does a great number of distinct documents make the API or its database grow?

Each document is asked twice, so that each is compiled; what processes hold is told ten times on the way.
"""

import argparse
import asyncio
import os
from collections.abc import Iterator

import orjson

from bench.graph.bench_database import bench_database
from bench.graph.load import Call, send_all
from bench.graph.memory import Memory
from bench.graph.operations import ADMINISTRATOR, Viewer, signed_in
from bench.graph.seed import Size
from bench.graph.server_process import running_server
from domain.database.connection import close_database, open_database

CLIENTS = 4
TOLD = 10


def documents(first: int, many: int, viewer: Viewer) -> Iterator[Call]:
    """So many documents that nobody has asked before, each twice."""
    for number in range(first, first + many):
        text = f"query D{number} {{ viewer {{ user {{ a{number}: fullName id }} organisations {{ roles }} }} }}"
        call = Call("/graphql", orjson.dumps({"query": text}), viewer.token)
        yield from (call, call)


async def ask(port: int, many: int, memory: Memory, viewers: list[Viewer]) -> None:
    share = many // TOLD // CLIENTS
    for turn in range(TOLD):
        first = turn * share * CLIENTS
        calls = [documents(first + place * share, share, viewer) for place, viewer in enumerate(viewers)]
        await send_all(port, calls)
        memory.print_usage(f"{(turn + 1) * share * CLIENTS} documents")


async def main_with(url: str, asked: argparse.Namespace) -> None:
    await open_database(url)
    try:
        viewers = (await signed_in(Size(), ADMINISTRATOR))[:CLIENTS]
        with running_server({}, os.sched_getaffinity(0)) as server:
            await ask(server.port, asked.documents, Memory({"API": server.pid}), viewers)
    finally:
        await close_database()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.graph.documents", description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000, help="how many")
    with bench_database(Size(), os.sched_getaffinity(0)) as url:
        asyncio.run(main_with(url, parser.parse_args()))


if __name__ == "__main__":
    main()
