"""Lists narrowed to one value of an enumeration, and what they list unless asked otherwise."""

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
from tests.gql.sized import Sized

LIST = """query($id: ID!) {{ node(id: $id) {{ ... on {owner} {{
  {field}{argument} {{ totalCount edges {{ node {{ {told} }} }} }} }} }} }}"""
CASES: list[tuple[str, str, str, str, type[Enum]]] = [
    ("Organisation", "notifications", "filter: {trigger: %s}", "trigger", NotificationTrigger),
    ("Organisation", "notifications", "filter: {status: %s}", "status", NotificationStatus),
    ("Organisation", "tasks", "status: %s", "status", TaskStatus),
    ("Group", "memberships", "kind: %s", "kind", MembershipKind),
    ("GroupLink", "memberships", "kind: %s", "kind", MembershipKind),
    ("Contract", "documents", "status: %s", "status", DocumentStatus),
    ("Contract", "actions", "status: %s", "status", ActionStatus),
]


async def listed(sized: Sized, owner: str, field: str, argument: str, told: str) -> Any:
    given = f"({argument})" if argument else ""
    document = LIST.format(owner=owner, field=field, argument=given, told=told)
    return (await read(sized.viewer, document, id=sized.ids[owner]))["node"][field]


@pytest.mark.parametrize(("owner", "field", "argument", "told", "values"), CASES)
async def test_every_row_is_listed_under_its_own_value(
    sized: list[Sized], owner: str, field: str, argument: str, told: str, values: type[Enum]
):
    of = sized[1]
    total = 0
    for value in values:
        page = await listed(of, owner, field, argument % value.value, told)
        assert {edge["node"][told] for edge in page["edges"]} <= {value.value}
        total += page["totalCount"]

    # Tasks are never listed all at once: their argument can't be null.
    everything = [] if field == "tasks" else [await listed(of, owner, field, argument % "null", told)]
    assert all(page["totalCount"] == total for page in everything)
    assert total > 0


@pytest.mark.parametrize(
    ("owner", "field", "told", "expected"),
    [("Organisation", "tasks", "status", {"OPEN"}), ("Group", "memberships", "kind", {"FIXED"})],
)
async def test_open_tasks_and_fixed_members_are_listed_unless_asked_otherwise(
    sized: list[Sized], owner: str, field: str, told: str, expected: set[str]
):
    page = await listed(sized[1], owner, field, "", told)

    assert {edge["node"][told] for edge in page["edges"]} == expected


@pytest.mark.parametrize(("theme", "total"), [("INVOICING", 10), ("EXECUTION", 0), ("invoicing", 0), ("UNKNOWN", 0)])
async def test_documents_are_narrowed_to_a_theme(sized: list[Sized], theme: str, total: int):
    page = await listed(sized[1], "Contract", "documents", f'themeCode: "{theme}"', "id")

    assert page["totalCount"] == total


@pytest.mark.parametrize(("search", "total"), [("vraag", 5), ("WANNEER?", 5), ("%", 0), ("nergens", 0)])
async def test_messages_are_searched_by_subject_and_body(sized: list[Sized], search: str, total: int):
    page = await listed(sized[1], "Contract", "messages", f'search: "{search}"', "id")

    assert page["totalCount"] == total
