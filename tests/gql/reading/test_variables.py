"""Variables and passthrough arguments are coerced as graphql-core and Strawberry do."""

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
DOCUMENT: Final = """query Page($id: ID!, $first: Int = 20, $after: String, $order: ContractOrder) {
  node(id: $id) { ... on Organisation { contracts(first: $first, after: $after, orderBy: $order) { totalCount } } }
}"""


def ascending(field: str) -> dict[str, str]:
    return {"field": field, "direction": "ASC"}


VALUES: Final[list[dict[str, Any]]] = [
    {"id": "a"},
    {"id": 5, "first": 3, "after": "b"},
    {"id": "a", "first": None, "after": None, "order": None},
    {"id": "a", "order": ascending("TITLE")},
    {"id": "a", "unknown": {"deep": [1]}},
]


def operation(text: str) -> OperationDefinitionNode:
    operation = get_operation_ast(parse(text))
    assert operation
    return operation


def coerced_variables(text: str, values: dict[str, Any]) -> VariableValues:
    return Variables(CORE, operation(text).variable_definitions or ()).coerce(values)


@pytest.mark.parametrize("values", VALUES)
def test_values_are_coerced_as_the_library_does(values: dict[str, Any]):
    definitions = operation(DOCUMENT).variable_definitions or ()

    expected = get_variable_values(CORE, definitions, values)

    assert isinstance(expected, VariableValues)
    assert coerced_variables(DOCUMENT, values).coerced == expected.coerced


@pytest.mark.parametrize("values", [{}, {"id": None}, {"id": "a", "first": "three"}, {"id": ["a", "b"]}])
def test_invalid_values_are_left_to_the_executor(values: dict[str, Any]):
    with pytest.raises(Fallback, match="variables"):
        coerced_variables(DOCUMENT, values)


def passthrough_arguments(
    arguments: str, definitions: str, compiled_values: dict[str, Any], values: dict[str, Any]
) -> dict[str, Any] | None:
    """The arguments of an organisation's contracts by passthrough, checked against Strawberry's; None without."""
    selection = f"contracts({arguments}) {{ totalCount }}"
    text = f"query Page({definitions}) {{ node(id: 1) {{ ... on Organisation {{ {selection} }} }} }}"
    node: Any = operation(text).selection_set.selections[0]
    contracts = node.selection_set.selections[0].selection_set.selections[0]
    assert isinstance(contracts, FieldNode)
    field, reader = ORGANISATION.fields["contracts"], ArgumentReader(schema)  # type: ignore[attr-defined]  # it is an object
    passthrough = reader.passthrough(field, contracts, coerced_variables(text, compiled_values))
    if passthrough is None:
        return None
    arguments_read = passthrough.arguments(coerced_variables(text, values))
    assert arguments_read is None or arguments_read == reader.arguments(
        field, contracts, coerced_variables(text, values)
    )
    return arguments_read


def test_scalar_variables_are_passed_through():
    arguments = passthrough_arguments(
        "first: $n, after: $c", "$n: Int, $c: String", {"n": 1, "c": "a"}, {"n": 7, "c": "b"}
    )

    assert arguments is not None
    assert (arguments["first"], arguments["after"]) == (7, "b")


def test_a_variable_without_a_value_is_not_passed_through():
    assert passthrough_arguments("first: $n, after: $c", "$n: Int, $c: String", {"n": 1, "c": "a"}, {"n": 7}) is None
    assert passthrough_arguments("first: $n, after: $c", "$n: Int, $c: String", {"n": 1}, {"n": 7, "c": "b"}) is None


def test_a_variable_that_is_converted_is_not_passed_through():
    assert (
        passthrough_arguments("orderBy: $o", "$o: ContractOrder", {"o": ascending("NUMBER")}, {"o": ascending("TITLE")})
        is None
    )
