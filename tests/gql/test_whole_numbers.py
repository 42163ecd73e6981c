"""Every whole number that the API takes: what is none there is refused by name, whatever field took it."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_required_argument

from tests.gql.execution import execute_operation
from tests.gql.selections import TYPES
from tests.gql.sized_organisations import SizedOrganisation

NUMBERS = [
    (owner, name, argument)
    for owner, kind in TYPES.items()
    if isinstance(kind, GraphQLObjectType) and owner not in {"Mutation", "Subscription"}
    for name, field in kind.fields.items()
    for argument, taken in field.args.items()
    if get_named_type(taken.type).name == "Int"
]


def asked(owner: str, name: str, argument: str) -> str:
    """Asks a node for that field, with -1 for the argument."""
    kind = TYPES[owner]
    assert isinstance(kind, GraphQLObjectType)
    required = [each for each, taken in kind.fields[name].args.items() if is_required_argument(taken)]
    given = ", ".join([f"{argument}: -1", *(f"{each}: $other" for each in required if each != argument)])
    other = ", $other: ID!" if "$other" in given else ""
    return f"query($id: ID!{other}) {{ node(id: $id) {{ ... on {owner} {{ {name}({given}) {{ totalCount }} }} }} }}"


@pytest.mark.parametrize(("owner", "name", "argument"), NUMBERS, ids=map(".".join, NUMBERS))
async def test_less_than_nought_is_refused_by_the_arguments_name(
    sized_organisations: list[SizedOrganisation], owner: str, name: str, argument: str
):
    ids, machine = sized_organisations[0].ids, name == "receivedDocuments"
    given: dict[str, Any] = {"id": ids["Authority" if machine else owner]}
    if "$other" in asked(owner, name, argument):
        given["other"] = ids["Organisation"]

    answer = await execute_operation(
        sized_organisations[0].machine if machine else sized_organisations[0].viewer,
        asked(owner, name, argument),
        **given,
    )

    assert answer.codes == ["BAD_INPUT"]
    assert answer.errors[0]["path"] == ["node", name]
    assert answer.errors[0]["message"].startswith(f"`{argument}`")
    assert "-1" in answer.errors[0]["message"]
    assert answer.data == {"node": {name: None}}


@pytest.mark.parametrize("digits", [10, 5_000])
@pytest.mark.parametrize("sign", ["", "-"])
async def test_more_than_32_bits_is_refused_where_it_stands_however_long_it_is(
    sized_organisations: list[SizedOrganisation], sign: str, digits: int
):
    contracts = f"contracts(first: {sign}{'9' * digits}) {{ totalCount }}"
    document = f"query($id: ID!) {{ node(id: $id) {{ ... on Organisation {{ {contracts} }} }} }}"

    answer = await execute_operation(
        sized_organisations[0].viewer, document, id=sized_organisations[0].ids["Organisation"]
    )

    [error] = answer.errors
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert error["message"].startswith("Int cannot represent")
    assert "32" in error["message"]
    assert len(error["message"]) < 100
