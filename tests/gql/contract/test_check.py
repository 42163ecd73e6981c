"""Breaking changes of the contract are found, and operations of the screens that the schema makes invalid."""

from pathlib import Path

import pytest
from graphql import build_schema

from gql.contract.check import breaking_changes, invalid_operations

CONTRACT = """type Query { group(id: ID!): Group  kind: Kind }
type Group { name: String!  email: String }
enum Kind { FIXED  SPECIFIC }"""


def changes(old: str, new: str) -> list[str]:
    assert old in CONTRACT
    return breaking_changes(build_schema(CONTRACT), build_schema(CONTRACT.replace(old, new)))


def test_an_added_field_is_no_breaking_change():
    assert changes("email: String", "email: String phone: String") == []


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("email: String", "mail: String", "Field Group.email was removed."),
        ("name: String!", "name: String", "Field Group.name changed type from String! to String."),
        ("SPECIFIC", "OTHER", "Enum value Kind.SPECIFIC was removed."),
        ("group(id: ID!)", "group(id: ID!, of: ID!)", "A required argument Query.group(of:) was added."),
    ],
)
def test_what_is_removed_or_narrower_is_a_breaking_change(old: str, new: str, change: str):
    assert changes(old, new) == [change]


def test_an_invalid_operation_of_a_screen_is_reported_with_its_file(tmp_path: Path):
    (tmp_path / "01_group.graphql").write_text('query G { group(id: "1") { name } }')
    (tmp_path / "02_group.graphql").write_text('query G { group(id: "1") { colour } }')

    errors = invalid_operations(build_schema(CONTRACT), tmp_path)

    assert errors == ["02_group.graphql: Cannot query field 'colour' on type 'Group'."]
