"""The cached cost of an operation, with other variables each time."""

from typing import Any

import pytest
from graphql import DocumentNode, OperationDefinitionNode, get_operation_ast, parse

from gql.limits.cost import operation_cost
from gql.limits.cost_cache import CACHE_SIZE, CostCache
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
    cost_cache = CostCache(core_schema(schema), *asked)

    assert [cost_cache.cost(given) for given, _ in (*GIVEN, *GIVEN)] == [told for _, told in (*GIVEN, *GIVEN)]


def test_more_sets_of_variables_than_are_kept_are_told_right(asked: tuple[DocumentNode, OperationDefinitionNode]):
    core = core_schema(schema)
    cost_cache = CostCache(core, *asked)
    given = [{"ids": ["a"] * many} for many in (*range(CACHE_SIZE + 2), 0, 1)]

    assert [cost_cache.cost(each) for each in given] == [operation_cost(core, *asked, each) for each in given]
