"""What an answer costs: the same statements for forty times the rows."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from gql.explorer.examples import Example, examples
from tests.gql.execution import OperationResult, execute_operation
from tests.gql.selections import connections, read_connection
from tests.gql.sized_organisations import SIZES, SizedOrganisation

READ_ONLY = [example for example in examples() if example.document.startswith("query")]
OFTEN = 8
"""How often one statement may go out: fields in different places share it when they come to it at the same moment."""

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


async def answers(
    sized: list[SizedOrganisation], document: str, variables: Variables, asks: str = "viewer"
) -> list[OperationResult]:
    """The answers in each size, to compare what they cost."""
    return [await execute_operation(getattr(each, asks), document, **variables(each)) for each in sized]


def assert_alike(asked: list[OperationResult]) -> None:
    assert [answer.errors for answer in asked] == [[] for _ in SIZES]
    taken = [Counter(answer.statements) for answer in asked]
    assert taken[0].keys() == taken[1].keys() == taken[2].keys()
    assert max(max(counts.values()) for counts in taken) <= OFTEN


@pytest.mark.parametrize(("owner", "field"), list(connections()))
async def test_a_connection_takes_the_same_statements_for_more_rows(
    sized_organisations: list[SizedOrganisation], owner: str, field: str
):
    # Only the machine of an authority reads what was sent to it.
    asks, of = ("machine", "Authority") if field == "receivedDocuments" else ("viewer", owner)
    asked = await answers(
        sized_organisations, read_connection(owner, field, 1), lambda each: {"id": each.ids[of]}, asks
    )

    assert_alike(asked)
    totals = [answer.data["node"][field]["totalCount"] for answer in asked]
    assert all(total >= size for total, size in zip(totals, SIZES, strict=True))


async def test_a_nested_reading_takes_the_same_statements_for_more_rows(sized_organisations: list[SizedOrganisation]):
    asked = await answers(sized_organisations, NESTED, lambda each: {"id": each.ids["Organisation"]})

    assert_alike(asked)
    contracts = [answer.data["node"]["contracts"]["edges"] for answer in asked]
    # As many again stand in the history of a group only.
    assert [len(edges) for edges in contracts] == [2 * size for size in SIZES]
    assert [max(len(edge["node"]["groupLinks"]) for edge in edges) for edges in contracts] == list(SIZES)


async def test_the_viewer_takes_the_same_statements_for_more_rows(sized_organisations: list[SizedOrganisation]):
    asked = await answers(sized_organisations, VIEWER, lambda _: {})

    assert_alike(asked)
    viewers = [answer.data["viewer"] for answer in asked]
    assert [len(viewer["sessions"]) for viewer in viewers] == list(SIZES)
    assert [len(viewer["selfRegistrations"]) for viewer in viewers] == list(SIZES)


@pytest.mark.parametrize("example", READ_ONLY, ids=lambda example: example.name)
async def test_a_screen_takes_the_same_statements_for_more_rows(
    sized_organisations: list[SizedOrganisation], example: Example
):
    def variables(each: SizedOrganisation) -> dict[str, Any]:
        found = re.search(r"\.\.\. on (\w+)", example.document)
        types = {"Task": "SelfRegistrationTask"}
        known: dict[str, Any] = {"enterpriseNumber": each.enterprise_number, "day": "2026-03-01", "theme": "INVOICING"}
        known["link"] = {**LINK, "oc": each.enterprise_number}
        required = re.findall(r"\$(\w+): ID!", example.document)
        if found:
            known |= dict.fromkeys(required, each.ids[types.get(found[1], found[1])])
        return {name: known[name] for name in example.variables if name in known}

    asked = await answers(sized_organisations, example.document, variables)

    assert_alike(asked)
    assert all(value is not None for answer in asked for value in answer.data.values())
