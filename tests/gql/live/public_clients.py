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
    """Skips the test if Node is missing or too old."""
    node = shutil.which("node")
    if node is None or not (PACKAGES / "node_modules" / "graphql-ws").exists():
        pytest.skip("Node is not installed here, or came after the packages (Debian: apt-get install nodejs npm).")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < OLDEST:
        pytest.skip(f"Node {version} is too old for graphql-ws, which asks for {OLDEST}.")


class PublicClient:
    """A client with one subscription, which reports its events as lines of JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def expect_events(self, *names: str) -> list[Any]:
        """The payloads of the next events, which must have these names in this order."""
        payloads: list[Any] = []
        for event in names:
            line = await self._line()
            assert line["event"] == event, line
            payloads.append(line["payload"])
        return payloads

    async def wait_for_event(self, event: str) -> Any:
        """The payload of the next event of this name, past events of other names."""
        line = await self._line()
        while line["event"] not in (event, "end"):
            line = await self._line()
        assert line["event"] == event, line
        return line["payload"]

    async def _line(self) -> Any:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        return orjson.loads(line or b'{"event": "end", "payload": null}')


@asynccontextmanager
async def public_client(
    transport: str, url: str, headers: Mapping[str, str], document: str, **variables: Any
) -> AsyncIterator[PublicClient]:
    """A client of a transport (`ws` or `sse`) that subscribes with this document and these variables."""
    require_node()
    header_json, variable_json = (orjson.dumps(dict(values)).decode() for values in (headers, variables))
    process = await asyncio.create_subprocess_exec(
        "node",
        "follow.js",
        transport,
        f"{url}/graphql",
        header_json,
        document,
        variable_json,
        cwd=PACKAGES,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield PublicClient(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
