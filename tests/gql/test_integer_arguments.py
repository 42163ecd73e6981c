"""Invalid integer arguments are refused by name, on every field that has one."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_required_argument

from tests.gql.execution import execute_operation
from tests.gql.selections import TYPES
from tests.gql.sized_organisations import SizedOrganisation

INTEGER_ARGUMENTS = [
    (owner, name, argument)
    for owner, kind in TYPES.items()
    if isinstance(kind, GraphQLObjectType) and owner not in {"Mutation", "Subscription"}
    for name, field in kind.fields.items()
    for argument, definition in field.args.items()
    if get_named_type(definition.type).name == "Int"
]


def query_with_negative_argument(owner: str, name: str, argument: str) -> str:
    """A query for that field of a node, with -1 for the argument."""
    kind = TYPES[owner]
    assert isinstance(kind, GraphQLObjectType)
    required = [other for other, definition in kind.fields[name].args.items() if is_required_argument(definition)]
    arguments = ", ".join([f"{argument}: -1", *(f"{other}: $other" for other in required if other != argument)])
    declaration = ", $other: ID!" if "$other" in arguments else ""
    selection = f"... on {owner} {{ {name}({arguments}) {{ totalCount }} }}"
    return f"query($id: ID!{declaration}) {{ node(id: $id) {{ {selection} }} }}"


@pytest.mark.parametrize(("owner", "name", "argument"), INTEGER_ARGUMENTS, ids=map(".".join, INTEGER_ARGUMENTS))
async def test_a_negative_integer_is_refused_with_the_name_of_the_argument(
    sized_organisations: list[SizedOrganisation], owner: str, name: str, argument: str
):
    ids, by_authority = sized_organisations[0].ids, name == "receivedDocuments"
    variables: dict[str, Any] = {"id": ids["Authority" if by_authority else owner]}
    if "$other" in query_with_negative_argument(owner, name, argument):
        variables["other"] = ids["Organisation"]

    result = await execute_operation(
        sized_organisations[0].machine if by_authority else sized_organisations[0].viewer,
        query_with_negative_argument(owner, name, argument),
        **variables,
    )

    assert result.codes == ["BAD_INPUT"]
    assert result.errors[0]["path"] == ["node", name]
    assert result.errors[0]["message"].startswith(f"`{argument}`")
    assert "-1" in result.errors[0]["message"]
    assert result.data == {"node": {name: None}}


@pytest.mark.parametrize("digits", [10, 5_000])
@pytest.mark.parametrize("sign", ["", "-"])
async def test_an_integer_of_more_than_32_bits_is_refused_whatever_its_length(
    sized_organisations: list[SizedOrganisation], sign: str, digits: int
):
    contracts = f"contracts(first: {sign}{'9' * digits}) {{ totalCount }}"
    document = f"query($id: ID!) {{ node(id: $id) {{ ... on Organisation {{ {contracts} }} }} }}"

    result = await execute_operation(
        sized_organisations[0].viewer, document, id=sized_organisations[0].ids["Organisation"]
    )

    [error] = result.errors
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert error["message"].startswith("Int cannot represent")
    assert "32" in error["message"]
    assert len(error["message"]) < 100
