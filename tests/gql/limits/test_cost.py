"""The cost of an operation in objects: page sizes multiplied."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_introspection_query, parse

from gql.limits.allowance import PERSON
from gql.limits.cost import MAX_COST, operation_cost
from gql.reading.core_schema import core_schema
from gql.schema import schema


def cost_of(document: str, **variables: Any) -> int:
    parsed = parse(document)
    [operation] = [node for node in parsed.definitions if isinstance(node, OperationDefinitionNode)]
    return operation_cost(core_schema(schema), parsed, operation, variables)


def contracts(arguments: str, selection: str) -> str:
    """A query for an organisation's contracts, with arguments and a selection for each."""
    organisation = 'organisation(enterpriseNumber: "0123.456.749")'
    return f"{{ {organisation} {{ contracts{arguments} {{ edges {{ node {{ {selection} }} }} }} }} }}"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("{ __typename }", 0),
        ("{ viewer { user { givenName fullName } } }", 1),
        ("{ themes { code name } }", 20),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', 3),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", 2),
        (contracts("", "title"), 1 + 50),
        (contracts("(first: 7)", "title"), 1 + 7),
        (contracts("(last: 100)", "title"), 1 + 100),
        (contracts("(first: 7)", "type { code } groupLinks { id }"), 1 + 7 * (1 + 20)),
        ("query($n: Int = 9) " + contracts("(first: $n)", "title"), 1 + 9),
        ("query($n: Int) " + contracts("(first: $n)", "title"), 1 + 50),
        (contracts("(first: 100000)", "title"), 1 + 100),
        (contracts("(first: 7)", "type @skip(if: true) { code }"), 1 + 7),
        ("query($b: Boolean = false) " + contracts("(first: 7)", "type @include(if: $b) { code }"), 8),
        ('{ node(id: "a") { ... on Contract { type { code } } ... on Group { organisation { name } } } }', 1),
        ('query { node(id: "a") { ...F } } fragment F on Contract { type { code } organisation { name } }', 1),
        ('{ organisation(enterpriseNumber: "1") { contracts { totalCount pageInfo { endCursor } } } }', 1),
    ],
)
def test_the_cost_is_the_number_of_objects_with_page_sizes_multiplied(document: str, expected: int):
    assert cost_of(document, ids=["a", "b"]) == expected


@pytest.mark.parametrize("size", [-1, -1_000_000_000, 0])
def test_a_negative_page_size_costs_nothing_and_offsets_nothing(size: int):
    fields = "a: contracts(first: $n) { edges { node { id } } } b: contracts(first: 7) { edges { node { id } } }"
    document = f'query($n: Int) {{ organisation(enterpriseNumber: "1") {{ {fields} }} }}'

    assert (
        cost_of(document, n=size) == cost_of(document.replace("$n)", f"{size})").replace("query($n: Int)", "")) == 1 + 7
    )


@pytest.mark.parametrize(("size", "rows"), [(7.0, 7), (100.0, 100), (1e300, 100), (-7.0, 0), (float("inf"), 50)])
def test_a_fractional_page_size_counts_as_the_integer_that_it_is_coerced_to(size: float, rows: int):
    document = 'query($n: Int) { organisation(enterpriseNumber: "1") { contracts(first: $n) { edges { cursor } } } }'

    assert cost_of(document, n=size) == 1 + rows


def test_the_introspection_query_of_tools_is_within_the_limit():
    assert cost_of(get_introspection_query(input_value_deprecation=True)) < PERSON.objects


def test_fragments_that_spread_each_other_twice_are_counted_once_each():
    """Each of 60 spreads the next twice: 2^60 spreads, computed in sixty steps."""
    page = "organisation {{ contracts(first: 1) {{ edges {{ node {{ ...F{0} }} }} }} }}"
    chain = "".join(
        f"fragment F{n} on Contract {{ a: {page.format(n + 1)} b: {page.format(n + 1)} }} " for n in range(60)
    )
    document = f'query {{ node(id: "a") {{ ...F0 }} }} {chain} fragment F60 on Contract {{ title }}'

    assert cost_of(document) == MAX_COST
