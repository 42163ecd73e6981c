"""Inputs are converted as Strawberry does it, with values, nulls and fields left out."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLInputType, GraphQLList, GraphQLNonNull, get_nullable_type
from strawberry.types.arguments import convert_argument

from gql.reading.core_schema import core_schema
from gql.schema import schema

INPUTS = [kind for kind in core_schema(schema).type_map.values() if isinstance(kind, GraphQLInputObjectType)]


def definitions() -> Iterator[Any]:
    return (kind.extensions["strawberry-definition"] for kind in INPUTS)


def converted(kind: GraphQLInputObjectType, value: Any) -> Any:
    definition = kind.extensions["strawberry-definition"]
    registry = schema.schema_converter.scalar_registry
    return convert_argument(value, definition.origin, registry, schema.config)


def complete_value(kind: GraphQLInputType) -> Any:
    """A value with every field; for a scalar or an enumeration, the name of its type."""
    inner = get_nullable_type(kind)
    if isinstance(inner, GraphQLList):
        return [complete_value(inner.of_type)]
    if isinstance(inner, GraphQLInputObjectType):
        return {name: complete_value(field.type) for name, field in inner.fields.items()}
    return str(inner)


def value_variants(kind: GraphQLInputObjectType) -> list[dict[str, Any]]:
    """With every field, with the required ones, and with null for the others."""
    required = {name for name, field in kind.fields.items() if isinstance(field.type, GraphQLNonNull)}
    complete = complete_value(kind)
    minimal = {name: value for name, value in complete.items() if name in required}
    with_nulls = {name: value if name in required else None for name, value in complete.items()}
    return [complete, minimal, with_nulls]


@pytest.mark.parametrize("kind", INPUTS, ids=str)
def test_an_input_is_converted_as_by_the_library(kind: GraphQLInputObjectType, monkeypatch: pytest.MonkeyPatch):
    variants = value_variants(kind)
    by_own_converter = [converted(kind, value) for value in variants]
    assert all(definition.from_input for definition in definitions())
    for definition in definitions():
        monkeypatch.setattr(definition, "from_input", None)

    assert by_own_converter == [converted(kind, value) for value in variants]


def test_a_list_of_an_input_is_copied():
    [kind] = [kind for kind in INPUTS if kind.name == "SetContractGroupsInput"]
    value = complete_value(kind)

    mutation_input = converted(kind, value)

    assert mutation_input.group_ids == value["groupIds"]
    assert mutation_input.group_ids is not value["groupIds"]
