"""Operations take the same statements for forty times the rows."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from gql.explorer.examples import Example, examples
from tests.gql.execution import OperationResult, execute_operation
from tests.gql.selections import connection_query, connections
from tests.gql.sized_organisations import SIZES, SizedOrganisation

READ_ONLY = [example for example in examples() if example.document.startswith("query")]
MAX_REPEATS = 8
"""How often one statement may be sent: fields in different places share it only if they are resolved together."""

NESTED = """query($id: ID!) { node(id: $id) { ... on Organisation {
  contracts(first: 100) { totalCount edges { node { number
    groupLinks { linkedAt memberships { totalCount edges { node { kind } } } group { name memberships(kind: null) {
      edges { node { effective email user { fullName birthDate } workRelation { status right { roles } } } } } } }
    viewerAccess { referenceLevel themeLevels { level theme { code } } reasons { __typename
      ... on AdministratorAccess { right { id } mandate { kind } }
      ... on GroupAccess { group { name } membership { since } themeLevels { level } referenceLevel } } }
    viewerCan } } } } } }"""
VIEWER = """{ viewer { user { maskedNationalNumber } sessions { id current }
  selfRegistrations { status decidedBy { id } } organisations { mandates workRelation { validUntil }
    organisation { administrators { user { fullName } } accessMandates { kind user { fullName } } } } } }"""


LINK = {"an": "308", "dg": "EA", "ec": "MOW_eContracting_EA_CompEnt_Gebruiker", "ctx": "Gebruiker"}

Variables = Callable[[SizedOrganisation], dict[str, str]]


async def execute_in_each_size(
    sized_organisations: list[SizedOrganisation], document: str, variables: Variables, actor: str = "viewer"
) -> list[OperationResult]:
    """The results for the organisation of each size."""
    return [
        await execute_operation(getattr(organisation, actor), document, **variables(organisation))
        for organisation in sized_organisations
    ]


def assert_same_statements(results: list[OperationResult]) -> None:
    assert [result.errors for result in results] == [[] for _ in SIZES]
    statement_counts = [Counter(result.statements) for result in results]
    assert statement_counts[0].keys() == statement_counts[1].keys() == statement_counts[2].keys()
    assert max(max(counts.values()) for counts in statement_counts) <= MAX_REPEATS


@pytest.mark.parametrize(("owner", "field"), list(connections()))
async def test_a_connection_takes_the_same_statements_for_more_rows(
    sized_organisations: list[SizedOrganisation], owner: str, field: str
):
    # Only the machine of an authority reads what was sent to it.
    actor, node_type = ("machine", "Authority") if field == "receivedDocuments" else ("viewer", owner)
    results = await execute_in_each_size(
        sized_organisations,
        connection_query(owner, field, 1),
        lambda organisation: {"id": organisation.ids[node_type]},
        actor,
    )

    assert_same_statements(results)
    totals = [result.data["node"][field]["totalCount"] for result in results]
    assert all(total >= size for total, size in zip(totals, SIZES, strict=True))


async def test_a_nested_query_takes_the_same_statements_for_more_rows(sized_organisations: list[SizedOrganisation]):
    results = await execute_in_each_size(
        sized_organisations, NESTED, lambda organisation: {"id": organisation.ids["Organisation"]}
    )

    assert_same_statements(results)
    contracts = [result.data["node"]["contracts"]["edges"] for result in results]
    # The other contracts were linked to a group only in the past.
    assert [len(edges) for edges in contracts] == [2 * size for size in SIZES]
    assert [max(len(edge["node"]["groupLinks"]) for edge in edges) for edges in contracts] == list(SIZES)


async def test_the_viewer_takes_the_same_statements_for_more_rows(sized_organisations: list[SizedOrganisation]):
    results = await execute_in_each_size(sized_organisations, VIEWER, lambda _: {})

    assert_same_statements(results)
    viewers = [result.data["viewer"] for result in results]
    assert [len(viewer["sessions"]) for viewer in viewers] == list(SIZES)
    assert [len(viewer["selfRegistrations"]) for viewer in viewers] == list(SIZES)


@pytest.mark.parametrize("example", READ_ONLY, ids=lambda example: example.name)
async def test_a_screen_takes_the_same_statements_for_more_rows(
    sized_organisations: list[SizedOrganisation], example: Example
):
    def variables(organisation: SizedOrganisation) -> dict[str, Any]:
        type_condition = re.search(r"\.\.\. on (\w+)", example.document)
        types = {"Task": "SelfRegistrationTask"}
        values: dict[str, Any] = {
            "enterpriseNumber": organisation.enterprise_number,
            "day": "2026-03-01",
            "theme": "INVOICING",
        }
        values["link"] = {**LINK, "oc": organisation.enterprise_number}
        required = re.findall(r"\$(\w+): ID!", example.document)
        if type_condition:
            values |= dict.fromkeys(required, organisation.ids[types.get(type_condition[1], type_condition[1])])
        return {name: values[name] for name in example.variables if name in values}

    results = await execute_in_each_size(sized_organisations, example.document, variables)

    assert_same_statements(results)
    assert all(value is not None for result in results for value in result.data.values())
