"""Selections generated from the schema, so that they include whatever is added to it."""

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
    """Every connection without required arguments, as the name of its type and its own name."""
    for name, kind in TYPES.items():
        if isinstance(kind, GraphQLObjectType):
            yield from (
                (name, field_name)
                for field_name, field in kind.fields.items()
                if is_connection(field) and not any(map(is_required_argument, field.args.values()))
            )


def type_selection(type_name: str, depth: int, page: int = 100) -> str:
    """Every field of a type without required arguments, and of the types it leads to, `depth` relations deep."""
    kind = TYPES[type_name]
    if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
        members = core_schema(schema).get_possible_types(kind)
        field_types = [(name, str(field.type)) for member in members for name, field in member.fields.items()]
        uniform = {
            name
            for name, _ in field_types
            if len({field_type for other, field_type in field_types if other == name}) == 1
        }
        return "__typename " + " ".join(
            f"... on {member.name} {{ {_member_fields(member, uniform, depth, page)} }}" for member in members
        )
    assert isinstance(kind, GraphQLObjectType)
    return " ".join(["__typename", *_fields(kind, depth, page)])


def _member_fields(kind: GraphQLObjectType, uniform: set[str], depth: int, page: int) -> str:
    """The fields of one member of an interface, with an alias where the members have different types for a field."""
    return " ".join(
        field if re.split(r"\W", field)[0] in uniform else f"{kind.name}{index}: {field}"
        for index, field in enumerate(_fields(kind, depth, page))
    )


def _fields(kind: GraphQLObjectType, depth: int, page: int) -> Iterator[str]:
    for name, field in kind.fields.items():
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        target = get_named_type(field.type)
        if is_leaf_type(target):
            yield name
        elif depth > 0 and is_connection(field):
            yield f"{name}(first: {page}) {{ {connection_selection(target.name, depth - 1, page)} }}"
        elif depth > 0:
            yield f"{name} {{ {type_selection(target.name, depth - 1, page)} }}"


def connection_selection(connection: str, depth: int, page: int = 100) -> str:
    """The selection of a connection, with its rows `depth` relations deep."""
    node = connection.removesuffix("Connection")
    return f"{PAGE} edges {{ cursor node {{ {type_selection(node, depth, page)} }} }}"


def connection_query(owner: str, field_name: str, depth: int) -> str:
    """A query for a connection of the node `$id`, with its rows `depth` relations deep."""
    kind = TYPES[owner]
    assert isinstance(kind, GraphQLObjectType)
    selection = connection_selection(get_named_type(kind.fields[field_name].type).name, depth, 3)
    field = f"{field_name}(first: 100) {{ {selection} }}"
    return f"query($id: ID!) {{ node(id: $id) {{ ... on {owner} {{ {field} }} }} }}"
