"""Connections filtered by an enumeration, a theme or a text, and their default filters."""

from enum import Enum
from typing import Any

import pytest

from domain.models import (
    ActionStatus,
    DocumentStatus,
    MembershipKind,
    NotificationStatus,
    NotificationTrigger,
    TaskStatus,
)
from tests.gql.execution import read
from tests.gql.sized_organisations import SizedOrganisation

LIST = """query($id: ID!) {{ node(id: $id) {{ ... on {owner} {{
  {field}{argument} {{ totalCount edges {{ node {{ {selected} }} }} }} }} }} }}"""
CASES: list[tuple[str, str, str, str, type[Enum]]] = [
    ("Organisation", "notifications", "filter: {trigger: %s}", "trigger", NotificationTrigger),
    ("Organisation", "notifications", "filter: {status: %s}", "status", NotificationStatus),
    ("Organisation", "tasks", "status: %s", "status", TaskStatus),
    ("Group", "memberships", "kind: %s", "kind", MembershipKind),
    ("GroupLink", "memberships", "kind: %s", "kind", MembershipKind),
    ("Contract", "documents", "status: %s", "status", DocumentStatus),
    ("Contract", "actions", "status: %s", "status", ActionStatus),
]


async def read_connection(organisation: SizedOrganisation, owner: str, field: str, argument: str, selected: str) -> Any:
    arguments = f"({argument})" if argument else ""
    document = LIST.format(owner=owner, field=field, argument=arguments, selected=selected)
    return (await read(organisation.viewer, document, id=organisation.ids[owner]))["node"][field]


@pytest.mark.parametrize(("owner", "field", "argument", "selected", "values"), CASES)
async def test_every_row_is_found_by_its_own_value(
    sized_organisations: list[SizedOrganisation],
    owner: str,
    field: str,
    argument: str,
    selected: str,
    values: type[Enum],
):
    organisation = sized_organisations[1]
    total = 0
    for value in values:
        page = await read_connection(organisation, owner, field, argument % value.value, selected)
        assert {edge["node"][selected] for edge in page["edges"]} <= {value.value}
        total += page["totalCount"]

    # Tasks are never listed unfiltered: their argument can't be null.
    unfiltered = (
        [] if field == "tasks" else [await read_connection(organisation, owner, field, argument % "null", selected)]
    )
    assert all(page["totalCount"] == total for page in unfiltered)
    assert total > 0


@pytest.mark.parametrize(
    ("owner", "field", "selected", "expected"),
    [("Organisation", "tasks", "status", {"OPEN"}), ("Group", "memberships", "kind", {"FIXED"})],
)
async def test_tasks_are_open_and_members_fixed_by_default(
    sized_organisations: list[SizedOrganisation], owner: str, field: str, selected: str, expected: set[str]
):
    page = await read_connection(sized_organisations[1], owner, field, "", selected)

    assert {edge["node"][selected] for edge in page["edges"]} == expected


@pytest.mark.parametrize(("theme", "total"), [("INVOICING", 10), ("EXECUTION", 0), ("invoicing", 0), ("UNKNOWN", 0)])
async def test_documents_are_filtered_by_theme(sized_organisations: list[SizedOrganisation], theme: str, total: int):
    page = await read_connection(sized_organisations[1], "Contract", "documents", f'themeCode: "{theme}"', "id")

    assert page["totalCount"] == total


@pytest.mark.parametrize(("search", "total"), [("vraag", 5), ("WANNEER?", 5), ("%", 0), ("nergens", 0)])
async def test_messages_are_searched_by_subject_and_body(
    sized_organisations: list[SizedOrganisation], search: str, total: int
):
    page = await read_connection(sized_organisations[1], "Contract", "messages", f'search: "{search}"', "id")

    assert page["totalCount"] == total
