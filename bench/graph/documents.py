"""`python -m bench.graph.documents`: does a great number of distinct documents make the API or its database grow?

Each document is asked twice, so that each is compiled; what processes hold is told ten times on the way.
"""

import argparse
import asyncio
import os
from collections.abc import Iterator

import orjson

from bench.graph.kept import kept_database
from bench.graph.load import Call, ask_all
from bench.graph.memory import Memory
from bench.graph.operations import ADMINISTRATOR, Asker, signed_in
from bench.graph.seed import Size
from bench.graph.serving import serving
from domain.database.connection import close_database, open_database

CLIENTS = 4
TOLD = 10


def documents(first: int, many: int, asker: Asker) -> Iterator[Call]:
    """So many documents that nobody has asked before, each twice."""
    for number in range(first, first + many):
        text = f"query D{number} {{ viewer {{ user {{ a{number}: fullName id }} organisations {{ roles }} }} }}"
        call = Call("/graphql", orjson.dumps({"query": text}), asker.token)
        yield from (call, call)


async def ask(port: int, many: int, memory: Memory, askers: list[Asker]) -> None:
    share = many // TOLD // CLIENTS
    for turn in range(TOLD):
        first = turn * share * CLIENTS
        calls = [documents(first + place * share, share, asker) for place, asker in enumerate(askers)]
        await ask_all(port, calls)
        memory.tell(f"{(turn + 1) * share * CLIENTS} documents")


async def main_with(url: str, asked: argparse.Namespace) -> None:
    await open_database(url)
    try:
        askers = (await signed_in(Size(), ADMINISTRATOR))[:CLIENTS]
        with serving({}, os.sched_getaffinity(0)) as server:
            await ask(server.port, asked.documents, Memory({"API": server.process}), askers)
    finally:
        await close_database()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.graph.documents", description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000, help="how many")
    with kept_database(Size(), os.sched_getaffinity(0)) as url:
        asyncio.run(main_with(url, parser.parse_args()))


if __name__ == "__main__":
    main()
