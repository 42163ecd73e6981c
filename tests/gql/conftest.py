"""What tests of the graph ask for."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import Environment
from tests.gql.sized import Sized, sized_organisations
from tests.prepared import Prepared
from tests.servers import Servers


@pytest.fixture
def prepared(servers: Servers, template: str, environment: Environment, worker_id: str) -> Prepared:
    """Databases that are filled once in a run."""
    del template  # it must be there to be copied
    return Prepared(servers, environment, worker_id)


@pytest.fixture
async def sized(prepared: Prepared) -> AsyncIterator[list[Sized]]:
    """Organisations that are alike but for their size, in an open database."""
    async with prepared.opened("sized", sized_organisations) as organisations:
        yield organisations
