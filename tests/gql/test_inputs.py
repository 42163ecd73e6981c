"""Inputs are taken as Strawberry takes them: given, given as null, or left out."""

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


def taken(kind: GraphQLInputObjectType, given: Any) -> Any:
    definition = kind.extensions["strawberry-definition"]
    registry = schema.schema_converter.scalar_registry
    return convert_argument(given, definition.origin, registry, schema.config)


def whole(kind: GraphQLInputType) -> Any:
    """A value with everything in it; what stands for a scalar or an enumeration is nobody's."""
    inner = get_nullable_type(kind)
    if isinstance(inner, GraphQLList):
        return [whole(inner.of_type)]
    if isinstance(inner, GraphQLInputObjectType):
        return {name: whole(field.type) for name, field in inner.fields.items()}
    return str(inner)


def given_in_every_way(kind: GraphQLInputObjectType) -> list[dict[str, Any]]:
    required = {name for name, field in kind.fields.items() if isinstance(field.type, GraphQLNonNull)}
    everything = whole(kind)
    least = {name: value for name, value in everything.items() if name in required}
    nulls = {name: value if name in required else None for name, value in everything.items()}
    return [everything, least, nulls]


@pytest.mark.parametrize("kind", INPUTS, ids=str)
def test_an_input_is_taken_as_the_library_takes_it(kind: GraphQLInputObjectType, monkeypatch: pytest.MonkeyPatch):
    ways = given_in_every_way(kind)
    ours = [taken(kind, given) for given in ways]
    assert all(definition.from_input for definition in definitions())
    for definition in definitions():
        monkeypatch.setattr(definition, "from_input", None)

    assert ours == [taken(kind, given) for given in ways]


def test_a_list_that_was_given_is_not_the_one_that_is_taken():
    [kind] = [kind for kind in INPUTS if kind.name == "SetContractGroupsInput"]
    given = whole(kind)

    read = taken(kind, given)

    assert read.group_ids == given["groupIds"]
    assert read.group_ids is not given["groupIds"]
