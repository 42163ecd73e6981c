"""The API over the demo's data, as the target of hostile requests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Environment
from tests.hostile.target import Target, open_target
from tests.prepared_databases import PreparedDatabases, prepared_databases

__all__ = ["prepared_databases"]


@pytest.fixture
async def target(
    prepared_databases: PreparedDatabases, environment: Environment, tmp_path: Path
) -> AsyncIterator[Target]:
    """The API over the demo's data, and those who come to it."""
    async with open_target(prepared_databases, environment, tmp_path / "provider") as made:
        yield made
