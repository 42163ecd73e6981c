"""Selections made from the schema, so that what is added to it is asked for too."""

import re
from collections.abc import Iterator

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from gql.reading.core_schema import core_schema
from gql.schema import schema

TYPES = core_schema(schema).type_map
PAGE = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"


def is_connection(field: GraphQLField) -> bool:
    return get_named_type(field.type).name.endswith("Connection")


def connections() -> Iterator[tuple[str, str]]:
    """Every connection that needs no argument, as the type that has it and its name there."""
    for name, kind in TYPES.items():
        if isinstance(kind, GraphQLObjectType):
            yield from (
                (name, field_name)
                for field_name, field in kind.fields.items()
                if is_connection(field) and not any(map(is_required_argument, field.args.values()))
            )


def whole(type_name: str, depth: int, page: int = 100) -> str:
    """Every field of a type that needs no argument, and of what it leads to `depth` relations on."""
    kind = TYPES[type_name]
    if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
        members = core_schema(schema).get_possible_types(kind)
        shapes = [(name, str(field.type)) for each in members for name, field in each.fields.items()]
        alike = {name for name, _ in shapes if len({shape for other, shape in shapes if other == name}) == 1}
        return "__typename " + " ".join(
            f"... on {each.name} {{ {_apart(each, alike, depth, page)} }}" for each in members
        )
    assert isinstance(kind, GraphQLObjectType)
    return " ".join(["__typename", *_fields(kind, depth, page)])


def _apart(kind: GraphQLObjectType, alike: set[str], depth: int, page: int) -> str:
    """The fields of one member of an interface, under other names where members differ about a field's type."""
    return " ".join(
        field if re.split(r"\W", field)[0] in alike else f"{kind.name}{place}: {field}"
        for place, field in enumerate(_fields(kind, depth, page))
    )


def _fields(kind: GraphQLObjectType, depth: int, page: int) -> Iterator[str]:
    for name, field in kind.fields.items():
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        target = get_named_type(field.type)
        if is_leaf_type(target):
            yield name
        elif depth > 0 and is_connection(field):
            yield f"{name}(first: {page}) {{ {pages(target.name, depth - 1, page)} }}"
        elif depth > 0:
            yield f"{name} {{ {whole(target.name, depth - 1, page)} }}"


def pages(connection: str, depth: int, page: int = 100) -> str:
    """What a connection has, with all of its rows `depth` relations on."""
    node = connection.removesuffix("Connection")
    return f"{PAGE} edges {{ cursor node {{ {whole(node, depth, page)} }} }}"


def read_connection(owner: str, field_name: str, depth: int, arguments: str = "") -> str:
    """A query for a connection of the node `$id`."""
    kind = TYPES[owner]
    assert isinstance(kind, GraphQLObjectType)
    asked = pages(get_named_type(kind.fields[field_name].type).name, depth, 3)
    field = f"{field_name}(first: 100 {arguments}) {{ {asked} }}"
    return f"query($id: ID!) {{ node(id: $id) {{ ... on {owner} {{ {field} }} }} }}"
