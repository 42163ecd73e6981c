"""The public JavaScript clients graphql-ws and graphql-sse, each in a process of Node."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

PACKAGES = Path(__file__).parents[2] / "javascript"
OLDEST = 20
"""The version of Node that graphql-ws asks for."""


def require_node() -> None:
    """Skips the test where there is no Node, or one that is too old."""
    node = shutil.which("node")
    if node is None or not (PACKAGES / "node_modules" / "graphql-ws").exists():
        pytest.skip("Node is not installed here, or came after the packages (Debian: apt-get install nodejs npm).")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < OLDEST:
        pytest.skip(f"Node {version} is too old for graphql-ws, which asks for {OLDEST}.")


class PublicClient:
    """One client that follows one subscription."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def says(self, *expected: str) -> list[Any]:
        """What it tells next, which must be these events in this order; what is told with each of them."""
        told = []
        for event in expected:
            said = await self._line()
            assert said["event"] == event, said
            told.append(said["told"])
        return told

    async def comes_to_say(self, event: str) -> Any:
        """What it tells when it first tells of such an event."""
        said = await self._line()
        while said["event"] not in (event, "end"):
            said = await self._line()
        assert said["event"] == event, said
        return said["told"]

    async def _line(self) -> Any:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        return orjson.loads(line or b'{"event": "end", "told": null}')


@asynccontextmanager
async def public_client(
    transport: str, url: str, headers: Mapping[str, str], document: str, **variables: Any
) -> AsyncIterator[PublicClient]:
    """A client of a transport (`ws` or `sse`) that follows one subscription."""
    require_node()
    given = [orjson.dumps(dict(each)).decode() for each in (headers, variables)]
    process = await asyncio.create_subprocess_exec(
        "node",
        "follow.js",
        transport,
        f"{url}/graphql",
        given[0],
        document,
        given[1],
        cwd=PACKAGES,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield PublicClient(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
