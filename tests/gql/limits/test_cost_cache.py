"""What an operation costs that comes again, with other variables each time."""

from typing import Any

import pytest
from gql.limits.price import KEPT, Price
from graphql import DocumentNode, OperationDefinitionNode, get_operation_ast, parse

from gql.limits.cost import cost
from gql.reading.core_schema import core_schema
from gql.schema import schema

ASKED = """query($ids: [ID!]!, $first: Int = 3, $last: Int, $with: Boolean = true, $search: String) {
  nodes(ids: $ids) { ... on Organisation {
    contracts(first: $first, filter: {search: $search}) { edges { node { id } } }
    groups(last: $last) @include(if: $with) { edges { node { id } } } } } }"""


@pytest.fixture
def asked() -> tuple[DocumentNode, OperationDefinitionNode]:
    document = parse(ASKED)
    operation = get_operation_ast(document)
    assert operation
    return document, operation


GIVEN: list[tuple[dict[str, Any], int]] = [
    ({"ids": ["a"]}, 54),
    ({"ids": ["b"]}, 54),
    ({"ids": ["a", "b"]}, 108),
    ({"ids": ["a"], "first": 10}, 61),
    ({"ids": ["a"], "first": 10, "search": "brug"}, 61),
    ({"ids": ["a"], "first": 10, "last": 20}, 31),
    ({"ids": ["a"], "first": 10, "last": 20, "with": False}, 11),
    ({"ids": ["a"], "first": "10"}, 101),
    ({"ids": "a"}, 1_080),
    ({}, 1_080),
]


def test_it_costs_what_it_costs_with_these_variables_whatever_came_before(
    asked: tuple[DocumentNode, OperationDefinitionNode],
):
    price = Price(core_schema(schema), *asked)

    assert [price.with_variables(given) for given, _ in (*GIVEN, *GIVEN)] == [told for _, told in (*GIVEN, *GIVEN)]


def test_more_sets_of_variables_than_are_kept_are_told_right(asked: tuple[DocumentNode, OperationDefinitionNode]):
    core = core_schema(schema)
    price = Price(core, *asked)
    given = [{"ids": ["a"] * many} for many in (*range(KEPT + 2), 0, 1)]

    assert [price.with_variables(each) for each in given] == [cost(core, *asked, each) for each in given]
