"""What an operation costs, in objects: page sizes multiplied."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_introspection_query, parse

from gql.limits.allowance import PERSON
from gql.limits.cost import MAX_COST, operation_cost
from gql.reading.core_schema import core_schema
from gql.schema import schema


def costs(document: str, **variables: Any) -> int:
    parsed = parse(document)
    [operation] = [node for node in parsed.definitions if isinstance(node, OperationDefinitionNode)]
    return operation_cost(core_schema(schema), parsed, operation, variables)


def contracts(arguments: str, asked: str) -> str:
    found = 'organisation(enterpriseNumber: "0123.456.749")'
    return f"{{ {found} {{ contracts{arguments} {{ edges {{ node {{ {asked} }} }} }} }} }}"


@pytest.mark.parametrize(
    ("document", "objects"),
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
def test_an_object_counts_once_and_pages_multiply(document: str, objects: int):
    assert costs(document, ids=["a", "b"]) == objects


@pytest.mark.parametrize("size", [-1, -1_000_000_000, 0])
def test_a_page_of_less_than_no_rows_pays_for_nothing_beside_it(size: int):
    pages = "a: contracts(first: $n) { edges { node { id } } } b: contracts(first: 7) { edges { node { id } } }"
    document = f'query($n: Int) {{ organisation(enterpriseNumber: "1") {{ {pages} }} }}'

    assert costs(document, n=size) == costs(document.replace("$n)", f"{size})").replace("query($n: Int)", "")) == 1 + 7


@pytest.mark.parametrize(("size", "rows"), [(7.0, 7), (100.0, 100), (1e300, 100), (-7.0, 0), (float("inf"), 50)])
def test_a_page_size_counts_as_the_number_that_is_read_in_it(size: float, rows: int):
    document = 'query($n: Int) { organisation(enterpriseNumber: "1") { contracts(first: $n) { edges { cursor } } } }'

    assert costs(document, n=size) == 1 + rows


def test_the_ordinary_ways_of_asking_are_allowed():
    assert costs(get_introspection_query(input_value_deprecation=True)) < PERSON.objects


def test_fragments_that_double_one_another_take_no_time():
    """Each spreads the next twice: 2^60 spreads, worked out in sixty steps."""
    page = "organisation {{ contracts(first: 1) {{ edges {{ node {{ ...F{0} }} }} }} }}"
    chain = "".join(
        f"fragment F{n} on Contract {{ a: {page.format(n + 1)} b: {page.format(n + 1)} }} " for n in range(60)
    )
    document = f'query {{ node(id: "a") {{ ...F0 }} }} {chain} fragment F60 on Contract {{ title }}'

    objects = costs(document)

    assert objects == MAX_COST
