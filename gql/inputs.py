"""Inputs as what answers a mutation takes them: which of its values need converting is found out once for each type.

Strawberry looks the names and types of an input's fields up anew for every value.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLInputType, GraphQLList, get_nullable_type, is_leaf_type
from strawberry import Schema
from strawberry.types.arguments import InputContext
from strawberry.types.base import StrawberryObjectDefinition

from gql.reading.core_schema import core_schema

Read = Callable[[type, Mapping[str, Any], InputContext], Any]


def read_directly(schema: Schema) -> None:
    """Gives every input type a way of its own from what came to what is taken."""
    core = core_schema(schema)
    for kind in core.type_map.values():
        definition = kind.extensions.get("strawberry-definition")
        if isinstance(kind, GraphQLInputObjectType) and isinstance(definition, StrawberryObjectDefinition):
            definition.from_input = _reader(kind, definition, schema)


def _reader(kind: GraphQLInputObjectType, definition: StrawberryObjectDefinition, schema: Schema) -> Read:
    left_out = {
        field.python_name: None
        for field in definition.fields
        if field.default_value is MISSING and field.default_factory is MISSING
    }
    named = [(schema.config.name_converter.from_field(field), field) for field in definition.fields]
    fields = [(name, field.python_name, _way(kind.fields[name].type), field) for name, field in named]

    def read(made: type, given: Mapping[str, Any], context: InputContext) -> Any:
        values: dict[str, Any] = dict(left_out)
        for name, python_name, way, field in fields:
            if name in given:
                value = given[name]
                if value is not None:
                    value = way(value) if way else context.convert(value, field.resolve_type(), name)
                values[python_name] = value
        return made(**values)

    return read


def _way(kind: GraphQLInputType) -> Callable[[Any], Any] | None:
    """How a value of this type is taken; None where it is an input, or holds some."""
    inner = get_nullable_type(kind)
    if is_leaf_type(inner):
        return _as_it_is
    # A list of a default is the same for all requests, and not to be changed by one of them.
    return list if isinstance(inner, GraphQLList) and is_leaf_type(get_nullable_type(inner.of_type)) else None


def _as_it_is(value: Any) -> Any:
    return value
