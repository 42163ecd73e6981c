"""Whether clients may explore the schema: by introspection, and by the suggestions in error messages."""

import pytest

from tests.conftest import Environment
from tests.gql.http_client import browser, only_error, post

pytestmark = pytest.mark.usefixtures("database")
INTROSPECTION = pytest.mark.parametrize(
    "document", ["{ __schema { queryType { name } } }", '{ __type(name: "Group") { name } }']
)


@INTROSPECTION
async def test_introspection_is_enabled_by_default(document: str):
    async with browser() as client:
        response = await post(client, document)

    assert "errors" not in response.json()
    assert response.json()["data"]


@INTROSPECTION
async def test_introspection_is_refused_when_the_settings_disable_it(document: str, environment: Environment):
    environment.set(INTROSPECTION="false")
    async with browser() as client:
        response = await post(client, document)

    assert "data" not in response.json()
    assert response.json()["errors"][0]["message"].startswith("GraphQL introspection has been disabled")


async def test_typename_is_answered_when_the_settings_disable_introspection(environment: Environment):
    environment.set(INTROSPECTION="false")
    async with browser() as client:
        response = await post(client, "{ __typename }")

    assert response.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("introspection", "message"),
    [
        ("true", "Cannot query field 'viewr' on type 'Query'. Did you mean 'viewer'?"),
        ("false", "Cannot query field 'viewr' on type 'Query'."),
    ],
)
async def test_names_are_suggested_only_with_introspection(introspection: str, message: str, environment: Environment):
    environment.set(INTROSPECTION=introspection)
    async with browser() as client:
        response = await post(client, "{ viewr { id } }")

    assert only_error(response)["message"] == message
