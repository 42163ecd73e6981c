"""What tests of the graph ask for."""

from collections.abc import AsyncIterator

import pytest

from tests.domain.naive.fixtures import a_random_world
from tests.gql.sized import Sized, sized_organisations
from tests.prepared import Prepared, prepared

__all__ = ["a_random_world", "prepared", "sized"]


@pytest.fixture
async def sized(prepared: Prepared) -> AsyncIterator[list[Sized]]:
    """Organisations that are alike but for their size, in an open database."""
    async with prepared.opened("sized", sized_organisations) as organisations:
        yield organisations
