"""What the tests of rules may ask for."""

import pytest

from tests.access_cast import Cast, a_cast


@pytest.fixture
async def cast(database: str) -> Cast:
    """An organisation with one person of each kind, in a fresh database."""
    assert database
    return await a_cast()
