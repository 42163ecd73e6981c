"""Whether strangers are told what there is to ask for."""

import pytest

from tests.conftest import Environment
from tests.gql.http_client import browser, only_error, post

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("document", ["{ __schema { queryType { name } } }", '{ __type(name: "Group") { name } }'])
async def test_the_schema_is_told_unless_the_settings_say_otherwise(document: str, environment: Environment):
    async with browser() as client:
        told = await post(client, document)
        environment.set(INTROSPECTION="false")
        kept = await post(client, document)
        named = await post(client, "{ __typename }")

    assert told.json()["data"]
    assert "data" not in kept.json()
    assert kept.json()["errors"][0]["message"].startswith("GraphQL introspection has been disabled")
    assert named.json()["data"] == {"__typename": "Query"}


async def test_names_are_suggested_unless_the_settings_say_otherwise(environment: Environment):
    async with browser() as client:
        told = await post(client, "{ viewr { id } }")
        environment.set(INTROSPECTION="false")
        kept = await post(client, "{ viewr { id } }")

    assert only_error(told)["message"] == "Cannot query field 'viewr' on type 'Query'. Did you mean 'viewer'?"
    assert only_error(kept)["message"] == "Cannot query field 'viewr' on type 'Query'."
