"""What breaks the contract is found: what is lacking, narrower, or asked in vain by a screen."""

from pathlib import Path

from graphql import build_schema

from gql.contract.check import broken, invalid

CONTRACT = """type Query { group(id: ID!): Group  kind: Kind }
type Group { name: String!  email: String }
enum Kind { FIXED  SPECIFIC }"""


def found(before: str, after: str) -> list[str]:
    assert before in CONTRACT
    return broken(build_schema(CONTRACT), build_schema(CONTRACT.replace(before, after)))


def test_more_than_was_promised_breaks_nothing():
    assert found("email: String", "email: String phone: String") == []


def test_what_is_lacking_or_narrower_is_named():
    assert found("email: String", "mail: String") == ["Field Group.email was removed."]
    assert found("name: String!", "name: String") == ["Field Group.name changed type from String! to String."]
    assert found("SPECIFIC", "OTHER") == ["Enum value Kind.SPECIFIC was removed."]
    narrower = found("group(id: ID!)", "group(id: ID!, of: ID!)")
    assert narrower == ["A required argument Query.group(of:) was added."]


def test_a_screen_that_asks_for_what_isnt_there_is_named_with_its_file(tmp_path: Path):
    (tmp_path / "01_group.graphql").write_text('query G { group(id: "1") { name } }')
    (tmp_path / "02_group.graphql").write_text('query G { group(id: "1") { colour } }')
    wrong = ["02_group.graphql: Cannot query field 'colour' on type 'Group'."]
    assert invalid(build_schema(CONTRACT), tmp_path) == wrong
