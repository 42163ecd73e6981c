"""Measures the memory of the API and its database over many distinct documents; `make bench-documents`.

Each document is sent twice, so that it is compiled; the memory is reported ten times on the way.
"""

import argparse
import asyncio
import os
from collections.abc import Iterator

import orjson

from bench.graph.bench_database import bench_database
from bench.graph.load import Request, send_all
from bench.graph.memory import Memory
from bench.graph.operations import ADMINISTRATOR, Viewer, sign_in
from bench.graph.seed import Size
from bench.graph.server_process import running_server
from domain.database.connection import close_database, open_database

CLIENTS = 4
REPORTS = 10


def document_requests(first: int, count: int, viewer: Viewer) -> Iterator[Request]:
    """Requests for so many new documents, each twice."""
    for number in range(first, first + count):
        document = f"query D{number} {{ viewer {{ user {{ a{number}: fullName id }} organisations {{ roles }} }} }}"
        request = Request("/graphql", orjson.dumps({"query": document}), viewer.session_token)
        yield from (request, request)


async def send_documents(port: int, count: int, memory: Memory, viewers: list[Viewer]) -> None:
    batch_size = count // REPORTS // CLIENTS
    for report in range(REPORTS):
        first = report * batch_size * CLIENTS
        requests = [
            document_requests(first + index * batch_size, batch_size, viewer) for index, viewer in enumerate(viewers)
        ]
        await send_all(port, requests)
        memory.print_usage(f"{(report + 1) * batch_size * CLIENTS} documents")


async def measure(url: str, document_count: int) -> None:
    await open_database(url)
    try:
        viewers = (await sign_in(Size(), ADMINISTRATOR))[:CLIENTS]
        with running_server({}, os.sched_getaffinity(0)) as server:
            await send_documents(server.port, document_count, Memory({"API": server.pid}), viewers)
    finally:
        await close_database()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.graph.documents", description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000, help="how many")
    arguments = parser.parse_args()
    with bench_database(Size(), os.sched_getaffinity(0)) as url:
        asyncio.run(measure(url, arguments.documents))


if __name__ == "__main__":
    main()
