"""What tests of the graph ask for."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import Environment
from tests.domain.naive.fixtures import a_random_world
from tests.gql.files.file_api import FileApi, file_api
from tests.gql.sized_organisations import SizedOrganisation, create_sized_organisations
from tests.prepared_databases import PreparedDatabases, prepared_databases

__all__ = ["a_random_world", "files", "prepared_databases", "sized_organisations"]


@pytest.fixture
async def sized_organisations(prepared_databases: PreparedDatabases) -> AsyncIterator[list[SizedOrganisation]]:
    """Organisations that are alike but for their size, in an open database."""
    async with prepared_databases.open("sized", create_sized_organisations) as organisations:
        yield organisations


@pytest.fixture
async def files(database: str, environment: Environment) -> AsyncIterator[FileApi]:
    """The API on a real socket, with a contract and its people; ask for `store` before it to choose the store."""
    assert database
    async with file_api(lambda url: environment.set(PUBLIC_URL=url)) as running:
        yield running
