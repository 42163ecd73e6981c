"""The cached cost of an operation, by the variables on which it depends."""

from typing import Any

import pytest
from graphql import DocumentNode, OperationDefinitionNode, get_operation_ast, parse

from gql.limits.cost import operation_cost
from gql.limits.cost_cache import CACHE_SIZE, CostCache
from gql.reading.core_schema import core_schema
from gql.schema import schema

DOCUMENT = """query($ids: [ID!]!, $first: Int = 3, $last: Int, $with: Boolean = true, $search: String) {
  nodes(ids: $ids) { ... on Organisation {
    contracts(first: $first, filter: {search: $search}) { edges { node { id } } }
    groups(last: $last) @include(if: $with) { edges { node { id } } } } } }"""


@pytest.fixture
def parsed_operation() -> tuple[DocumentNode, OperationDefinitionNode]:
    document = parse(DOCUMENT)
    operation = get_operation_ast(document)
    assert operation
    return document, operation


COSTS: list[tuple[dict[str, Any], int]] = [
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


def test_the_cost_depends_on_the_variables_and_not_on_earlier_calls(
    parsed_operation: tuple[DocumentNode, OperationDefinitionNode],
):
    cost_cache = CostCache(core_schema(schema), *parsed_operation)

    for variables, expected in (*COSTS, *COSTS):
        assert cost_cache.cost(variables) == expected, variables


def test_costs_are_right_beyond_the_size_of_the_cache(parsed_operation: tuple[DocumentNode, OperationDefinitionNode]):
    core = core_schema(schema)
    cost_cache = CostCache(core, *parsed_operation)
    lengths = (*range(CACHE_SIZE + 2), 0, 1)

    for length in lengths:
        variables = {"ids": ["a"] * length}
        assert cost_cache.cost(variables) == operation_cost(core, *parsed_operation, variables), length
