"""Twenty files of 100 MB at once, up and down, and what the API holds in memory meanwhile; `make bench-uploads`.

Starts a demo of its own, announces the files as the authority's system does, and brings and fetches them all at the
same time by their addresses. Beside that somebody goes on asking a small question. Ends with status 1 when the memory
grows by more than is promised.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psutil

from bench.demo import Demo, a_demo

FILES = int(os.environ.get("FILES", "20"))
MEGABYTES = int(os.environ.get("MEGABYTES", "100"))
PROMISED_GROWTH = 100
PIECE = 256 * 1024
CONTRACTS = "{ viewer { organisations { organisation { contracts(first: 1) { edges { node { id } } } } } } }"
DELIVER = """mutation ($input: DeliverDocumentInput!) { deliverDocument(input: $input) {
  document { id } uploads { url attachment { id } } errors { message } } }"""
DOWNLOADS = "query ($id: ID!) { node(id: $id) { ... on Document { status attachments { downloadUrl } } } }"
QUESTION = "{ viewer { organisations { organisation { name } } } }"


@dataclass
class Watch:
    """What the API holds and how fast it answers, while something else goes on."""

    api: psutil.Process
    demo: Demo
    peak: int = 0
    waits: list[float] = field(default_factory=list)

    async def during(self, work: Callable[[], Awaitable[None]]) -> float:
        """Watches until the work is done; gives its seconds."""
        began = time.monotonic()
        task = asyncio.ensure_future(work())
        async with httpx.AsyncClient(
            base_url=self.demo.api.base_url, headers=self.demo.api.headers, timeout=60
        ) as client:
            while not task.done():
                self.peak = max(self.peak, self.api.memory_info().rss)
                asked = time.monotonic()
                (await client.post("/graphql", json={"query": QUESTION})).raise_for_status()
                self.waits.append(time.monotonic() - asked)
                await asyncio.sleep(0.02)
        await task
        return time.monotonic() - began

    def told(self, what: str, seconds: float, rest: int) -> bool:
        """Prints the figures; answers whether the promise was kept."""
        grown = (self.peak - rest) / 2**20
        print(
            f"{what}: {FILES} files of {MEGABYTES} MB at once in {seconds:.1f} s, "
            f"{FILES * MEGABYTES / seconds:.0f} MB/s; API {rest / 2**20:.0f} MB at rest, {self.peak / 2**20:.0f} MB "
            f"at most (grown by {grown:.0f}, promised {PROMISED_GROWTH}); a small question meanwhile: median "
            f"{statistics.median(self.waits) * 1000:.0f} ms, slowest {max(self.waits) * 1000:.0f} ms"
        )
        return grown <= PROMISED_GROWTH


def a_file() -> bytes:
    """A PDF as far as its ends tell, filled with what can't be packed."""
    head = b"%PDF-1.7\n"
    return head + os.urandom(MEGABYTES * 2**20 - len(head))


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), PIECE):
        yield content[start : start + PIECE]


def announced(demo: Demo, content: bytes) -> tuple[str, list[str]]:
    """The document's id, and where its files go."""
    [place] = demo.ask(CONTRACTS)["viewer"]["organisations"]
    contract_id = place["organisation"]["contracts"]["edges"][0]["node"]["id"]
    file = {"contentType": "application/pdf", "size": len(content), "sha256": sha256(content).hexdigest()}
    given: dict[str, Any] = {"externalId": "Meting", "contractId": contract_id, "themeCode": "INVOICING"}
    given |= {"title": "Meting", "attachments": [{"filename": f"{number}.pdf", **file} for number in range(FILES)]}
    answer = demo.ask(DELIVER, input=given)["deliverDocument"]
    assert answer["errors"] == [], answer
    return answer["document"]["id"], [upload["url"] for upload in answer["uploads"]]


async def bring(url: str, content: bytes) -> None:
    async with httpx.AsyncClient(timeout=600) as client:
        answer = await client.put(url, content=pieces(content), headers={"content-length": str(len(content))})
        assert answer.status_code == 204, answer.text


async def fetch(url: str, digest: str) -> None:
    received = sha256()
    async with httpx.AsyncClient(timeout=600) as client, client.stream("GET", url) as answer:
        async for piece in answer.aiter_raw():
            received.update(piece)
    assert received.hexdigest() == digest


async def measure(demo: Demo) -> bool:
    content = a_file()
    digest = sha256(content).hexdigest()
    api = demo.part("serve")
    document_id, urls = announced(demo, content)
    rest = api.memory_info().rss

    async def up() -> None:
        await asyncio.gather(*(bring(url, content) for url in urls))

    watch = Watch(api, demo)
    kept = watch.told("Up", await watch.during(up), rest)
    document = demo.ask(DOWNLOADS, id=document_id)["node"]
    assert document["status"] == "RECEIVED", document

    async def down() -> None:
        await asyncio.gather(*(fetch(each["downloadUrl"], digest) for each in document["attachments"]))

    watch = Watch(api, demo)
    return watch.told("Down", await watch.during(down), rest) and kept


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="uploads-") as folder, a_demo(Path(folder)) as demo:
        kept = asyncio.run(measure(demo))
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
