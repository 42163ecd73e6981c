"""Conversion of mutation inputs, with what each input type needs computed once at start-up.

Strawberry looks up the names and types of an input's fields again for every value.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLInputType, GraphQLList, get_nullable_type, is_leaf_type
from strawberry import Schema
from strawberry.types.arguments import InputContext
from strawberry.types.base import StrawberryObjectDefinition

from gql.reading.core_schema import core_schema

InputConverter = Callable[[type, Mapping[str, Any], InputContext], Any]


def install_input_converters(schema: Schema) -> None:
    """Gives every input type of the schema its own converter."""
    core = core_schema(schema)
    for input_type in core.type_map.values():
        definition = input_type.extensions.get("strawberry-definition")
        if isinstance(input_type, GraphQLInputObjectType) and isinstance(definition, StrawberryObjectDefinition):
            definition.from_input = _input_converter(input_type, definition, schema)


def _input_converter(
    input_type: GraphQLInputObjectType, definition: StrawberryObjectDefinition, schema: Schema
) -> InputConverter:
    defaults = {
        field.python_name: None
        for field in definition.fields
        if field.default_value is MISSING and field.default_factory is MISSING
    }
    by_name = {schema.config.name_converter.from_field(field): field for field in definition.fields}
    fields = [
        (name, field.python_name, _value_converter(input_type.fields[name].type), field)
        for name, field in by_name.items()
    ]

    def convert(input_class: type, value_by_name: Mapping[str, Any], context: InputContext) -> Any:
        values: dict[str, Any] = dict(defaults)
        for name, python_name, convert_value, field in fields:
            if name in value_by_name:
                value = value_by_name[name]
                if value is not None:
                    value = (
                        convert_value(value) if convert_value else context.convert(value, field.resolve_type(), name)
                    )
                values[python_name] = value
        return input_class(**values)

    return convert


def _value_converter(value_type: GraphQLInputType) -> Callable[[Any], Any] | None:
    """The converter for scalars, enums and lists of them; None for types that contain inputs."""
    inner = get_nullable_type(value_type)
    if is_leaf_type(inner):
        return _unchanged
    # Copied: the list of a default is shared by all requests.
    return list if isinstance(inner, GraphQLList) and is_leaf_type(get_nullable_type(inner.of_type)) else None


def _unchanged(value: Any) -> Any:
    return value
