"""Concurrent uploads and downloads of large files, and the API's memory meanwhile; `make bench-uploads`.

Starts a demo of its own, announces the files as the authority's system does, and uploads, then downloads, all of them
concurrently by their URLs, while a client keeps sending a small query. Exits with status 1 if the API's memory grows
by more than the goal.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psutil

from bench.demo import Demo, running_demo

FILES = int(os.environ.get("FILES", "20"))
MEGABYTES = int(os.environ.get("MEGABYTES", "100"))
GROWTH_GOAL = 100
"""Megabytes by which the API's memory grows at most."""
CHUNK_SIZE = 256 * 1024
TRANSFER_TIMEOUT = 600
QUERY_INTERVAL = 0.02
CONTRACTS = "{ viewer { organisations { organisation { contracts(first: 1) { edges { node { id } } } } } } }"
DELIVER = """mutation ($input: DeliverDocumentInput!) { deliverDocument(input: $input) {
  document { id } uploads { url attachment { id } } errors { message } } }"""
DOWNLOADS = "query ($id: ID!) { node(id: $id) { ... on Document { status attachments { downloadUrl } } } }"
SMALL_QUERY = "{ viewer { organisations { organisation { name } } } }"


@dataclass
class ApiMonitor:
    """The API's memory and response times during a transfer."""

    api: psutil.Process
    demo: Demo
    peak_memory: int = 0
    response_times: list[float] = field(default_factory=list)

    async def monitor(self, transfer: Awaitable[None]) -> float:
        """Monitors the API until the transfer has ended; returns its duration in seconds."""
        start = time.monotonic()
        task = asyncio.ensure_future(transfer)
        async with httpx.AsyncClient(
            base_url=self.demo.client.base_url, headers=self.demo.client.headers, timeout=60
        ) as client:
            while not task.done():
                self.peak_memory = max(self.peak_memory, self.api.memory_info().rss)
                sent_at = time.monotonic()
                (await client.post("/graphql", json={"query": SMALL_QUERY})).raise_for_status()
                self.response_times.append(time.monotonic() - sent_at)
                await asyncio.sleep(QUERY_INTERVAL)
        await task
        return time.monotonic() - start

    def report(self, direction: str, seconds: float, idle_memory: int) -> bool:
        """Prints the figures; returns whether the goal was reached."""
        growth = (self.peak_memory - idle_memory) / 2**20
        print(
            f"{direction}: {FILES} files of {MEGABYTES} MB at once in {seconds:.1f} s, "
            f"{FILES * MEGABYTES / seconds:.0f} MB/s; API {idle_memory / 2**20:.0f} MB idle, "
            f"{self.peak_memory / 2**20:.0f} MB at most (grown by {growth:.0f}, goal {GROWTH_GOAL}); "
            f"a small query meanwhile: median {statistics.median(self.response_times) * 1000:.0f} ms, "
            f"slowest {max(self.response_times) * 1000:.0f} ms"
        )
        return growth <= GROWTH_GOAL


def make_file() -> bytes:
    """A file that is recognised as a PDF, filled with random bytes, which can't be compressed."""
    header = b"%PDF-1.7\n"
    return header + os.urandom(MEGABYTES * 2**20 - len(header))


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), CHUNK_SIZE):
        yield content[start : start + CHUNK_SIZE]


def announce_files(demo: Demo, content: bytes) -> tuple[str, list[str]]:
    """Delivers a document whose files all have this content; returns its id and the upload URLs."""
    [viewer_organisation] = demo.execute(CONTRACTS)["viewer"]["organisations"]
    contract_id = viewer_organisation["organisation"]["contracts"]["edges"][0]["node"]["id"]
    file = {"contentType": "application/pdf", "size": len(content), "sha256": sha256(content).hexdigest()}
    variables: dict[str, Any] = {
        "externalId": "Meting",
        "contractId": contract_id,
        "themeCode": "INVOICING",
        "title": "Meting",
        "attachments": [{"filename": f"{number}.pdf", **file} for number in range(FILES)],
    }
    payload = demo.execute(DELIVER, input=variables)["deliverDocument"]
    assert payload["errors"] == [], payload
    return payload["document"]["id"], [upload["url"] for upload in payload["uploads"]]


async def upload(url: str, content: bytes) -> None:
    async with httpx.AsyncClient(timeout=TRANSFER_TIMEOUT) as client:
        response = await client.put(url, content=chunks(content), headers={"content-length": str(len(content))})
        assert response.status_code == 204, response.text


async def download(url: str, expected_digest: str) -> None:
    digest = sha256()
    async with httpx.AsyncClient(timeout=TRANSFER_TIMEOUT) as client, client.stream("GET", url) as response:
        async for chunk in response.aiter_raw():
            digest.update(chunk)
    assert digest.hexdigest() == expected_digest


async def measure(demo: Demo) -> bool:
    """Measures the uploads, then the downloads; returns whether both reached the goal."""
    content = make_file()
    digest = sha256(content).hexdigest()
    api = demo.process("serve")
    document_id, urls = announce_files(demo, content)
    idle_memory = api.memory_info().rss

    async def upload_all() -> None:
        await asyncio.gather(*(upload(url, content) for url in urls))

    monitor = ApiMonitor(api, demo)
    uploads_reached = monitor.report("Up", await monitor.monitor(upload_all()), idle_memory)
    document = demo.execute(DOWNLOADS, id=document_id)["node"]
    assert document["status"] == "RECEIVED", document

    async def download_all() -> None:
        await asyncio.gather(*(download(file["downloadUrl"], digest) for file in document["attachments"]))

    monitor = ApiMonitor(api, demo)
    downloads_reached = monitor.report("Down", await monitor.monitor(download_all()), idle_memory)
    return uploads_reached and downloads_reached


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="uploads-") as folder, running_demo(Path(folder)) as demo:
        reached = asyncio.run(measure(demo))
    sys.exit(0 if reached else 1)


if __name__ == "__main__":
    main()
