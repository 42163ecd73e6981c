"""What the tests of the table ask for."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from registers.lifespan import open_registers
from settings import settings
from tests.authorisation.house import Houses, two_houses
from tests.authorisation.table import FILE, Lines, Place, read, written
from tests.prepared_databases import PreparedDatabases, prepared_databases

__all__ = ["prepared_databases"]

REFRESH = bool(os.environ.get("REFRESH_GOLDEN"))


@pytest.fixture
async def houses(prepared_databases: PreparedDatabases) -> AsyncIterator[Houses]:
    """Two organisations with everyone and everything, in an open database."""
    async with prepared_databases.open("authorisation", two_houses) as made, open_registers(settings()):
        yield made


@pytest.fixture(scope="session")
def expected() -> Lines:
    """The table as it was reviewed."""
    return read(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def observed() -> Iterator[dict[Place, dict[str, str]]]:
    """What the tests have found so far; `make authorisation` writes it down at the end."""
    found: dict[Place, dict[str, str]] = {}
    yield found
    if REFRESH:
        FILE.write_text(written(_in_order(found)), encoding="utf-8")


def _in_order(found: Lines) -> Lines:
    """What can be asked comes first, what can be done and followed last; objects by their names between them."""
    last = ("Mutation", "Subscription")
    return dict(sorted(found.items(), key=lambda line: (line[0].part in last, line[0].part != "Query", line[0].part)))
