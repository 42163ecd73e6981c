"""Fixtures of the tests of access control."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from registers.lifespan import open_registers
from settings import settings
from tests.authorisation.sample_organisation import Samples, two_sample_organisations
from tests.authorisation.table import FILE, LineKey, Lines, from_markdown, to_markdown
from tests.prepared_databases import PreparedDatabases, prepared_databases

__all__ = ["prepared_databases"]

REFRESH = bool(os.environ.get("REFRESH_GOLDEN"))


@pytest.fixture
async def samples(prepared_databases: PreparedDatabases) -> AsyncIterator[Samples]:
    """Two sample organisations in an open database."""
    async with (
        prepared_databases.open("authorisation", two_sample_organisations) as organisations,
        open_registers(settings()),
    ):
        yield organisations


@pytest.fixture(scope="session")
def expected() -> Lines:
    """The reviewed table."""
    return from_markdown(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def observed() -> Iterator[dict[LineKey, dict[str, str]]]:
    """The lines observed by the tests so far; `make authorisation` writes them to the page at the end."""
    lines: dict[LineKey, dict[str, str]] = {}
    yield lines
    if REFRESH:
        FILE.write_text(to_markdown(_in_order(lines)), encoding="utf-8")


def _in_order(lines: Lines) -> Lines:
    """The lines by chapter: Query first, then the types by name, then Mutation and Subscription."""
    last = ("Mutation", "Subscription")
    return dict(
        sorted(lines.items(), key=lambda line: (line[0].chapter in last, line[0].chapter != "Query", line[0].chapter))
    )
