"""Variables and passthrough arguments: the short way reads them as graphql-core and Strawberry do."""

from typing import Any, Final

import pytest
from graphql import FieldNode, OperationDefinitionNode, get_operation_ast, parse
from graphql.execution.values import VariableValues, get_variable_values

from gql.reading.core_schema import core_schema
from gql.reading.engine.arguments import ArgumentReader
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.variables import Variables
from gql.schema import schema

CORE: Final = core_schema(schema)
ORGANISATION: Final = CORE.type_map["Organisation"]
DECLARED: Final = """query Page($id: ID!, $first: Int = 20, $after: String, $order: ContractOrder) {
  node(id: $id) { ... on Organisation { contracts(first: $first, after: $after, orderBy: $order) { totalCount } } }
}"""


def by(field: str) -> dict[str, str]:
    return {"field": field, "direction": "ASC"}


GIVEN: Final[list[dict[str, Any]]] = [
    {"id": "a"},
    {"id": 5, "first": 3, "after": "b"},
    {"id": "a", "first": None, "after": None, "order": None},
    {"id": "a", "order": by("TITLE")},
    {"id": "a", "unknown": {"deep": [1]}},
]


def operation(text: str) -> OperationDefinitionNode:
    found = get_operation_ast(parse(text))
    assert found
    return found


def variables(text: str, given: dict[str, Any]) -> VariableValues:
    return Variables(CORE, operation(text).variable_definitions or ()).coerce(given)


@pytest.mark.parametrize("given", GIVEN)
def test_values_are_those_that_the_library_reads(given: dict[str, Any]):
    declared = operation(DECLARED).variable_definitions or ()

    by_the_library = get_variable_values(CORE, declared, given)

    assert isinstance(by_the_library, VariableValues)
    assert variables(DECLARED, given).coerced == by_the_library.coerced


@pytest.mark.parametrize("given", [{}, {"id": None}, {"id": "a", "first": "three"}, {"id": ["a", "b"]}])
def test_what_is_wrong_with_them_is_left_for_the_executor_to_say(given: dict[str, Any]):
    with pytest.raises(Fallback, match="variables"):
        variables(DECLARED, given)


def passed_through(
    arguments: str, declared: str, compiled_for: dict[str, Any], given: dict[str, Any]
) -> dict[str, Any] | None:
    """The arguments of an organisation's contracts by the short way, which agree with those by the long one."""
    selection = f"contracts({arguments}) {{ totalCount }}"
    text = f"query Page({declared}) {{ node(id: 1) {{ ... on Organisation {{ {selection} }} }} }}"
    node: Any = operation(text).selection_set.selections[0]
    contracts = node.selection_set.selections[0].selection_set.selections[0]
    assert isinstance(contracts, FieldNode)
    field, reader = ORGANISATION.fields["contracts"], ArgumentReader(schema)  # type: ignore[attr-defined]  # it is an object
    passthrough = reader.passthrough(field, contracts, variables(text, compiled_for))
    if passthrough is None:
        return None
    found = passthrough.arguments(variables(text, given))
    assert found is None or found == reader.arguments(field, contracts, variables(text, given))
    return found


def test_variables_of_scalars_are_taken_as_they_stand_beside_what_the_document_gives():
    found = passed_through("first: $n, after: $c", "$n: Int, $c: String", {"n": 1, "c": "a"}, {"n": 7, "c": "b"})

    assert found is not None
    assert (found["first"], found["after"]) == (7, "b")


def test_a_variable_without_a_value_goes_the_long_way():
    assert passed_through("first: $n, after: $c", "$n: Int, $c: String", {"n": 1, "c": "a"}, {"n": 7}) is None
    assert passed_through("first: $n, after: $c", "$n: Int, $c: String", {"n": 1}, {"n": 7, "c": "b"}) is None


def test_a_variable_that_is_converted_goes_the_long_way():
    assert passed_through("orderBy: $o", "$o: ContractOrder", {"o": by("NUMBER")}, {"o": by("TITLE")}) is None
