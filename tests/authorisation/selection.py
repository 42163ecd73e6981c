"""What is asked of an object: every field of its type, and of the parts that have no id of their own.

A path names a field as the table does: `administrators.email` is the field `email` of the type behind `administrators`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

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
from tests.gql.selections import TYPES, is_connection

REFUSALS: Final = "UserError"
"""Why something was refused: told to whoever tried it, so only what each is called is asked."""


@dataclass(frozen=True)
class Asked:
    """What is selected of a type.

    Attributes:
        arguments: What the fields are asked with that need it, by the type and field.
        met: Every type and field that is selected, which grows.
    """

    arguments: Mapping[tuple[str, str], str] = field(default_factory=dict)
    met: set[tuple[str, str]] = field(default_factory=set)

    def everything_of(self, type_name: str) -> str:
        """The GraphQL that asks for every field of a type."""
        kind = TYPES[type_name]
        if isinstance(kind, GraphQLUnionType):
            members = (f"... on {each.name} {{ {self.everything_of(each.name)} }}" for each in kind.types)
            return f"__typename {' '.join(members)}"
        return " ".join(self.only(type_name, name) for name in fields_of(type_name))

    def only(self, type_name: str, name: str) -> str:
        """The GraphQL that asks for one field of a type."""
        asked = fields_of(type_name)[name]
        self.met.add((type_name, name))
        given = self.arguments.get((type_name, name), "")
        if not given and any(map(is_required_argument, asked.args.values())):
            raise AssertionError(f"{type_name}.{name} needs an argument: give it one in tests/authorisation.")
        behind = self._behind(behind_field(asked))
        if is_connection(asked):
            given, behind = ", ".join(filter(None, (given, "first: 40"))), f"totalCount edges {{ node {{ {behind} }} }}"
        return f"{name}{f'({given})' if given else ''}{f' {{ {behind} }}' if behind else ''}"

    def _behind(self, type_name: str) -> str:
        """Of an object that has an id of its own, which; of a part, everything."""
        if is_leaf_type(TYPES[type_name]):
            return ""
        if type_name == REFUSALS:
            return "code refusal"
        return "__typename id" if has_id(type_name) else self.everything_of(type_name)


def fields_of(type_name: str) -> Mapping[str, GraphQLField]:
    """The fields of an object type by name."""
    kind = TYPES[type_name]
    assert isinstance(kind, GraphQLObjectType)
    fields: Mapping[str, GraphQLField] = kind.fields
    return fields


def behind_field(asked: GraphQLField) -> str:
    """The type of a field's value, of its list's rows, or of its connection's."""
    return get_named_type(asked.type).name.removesuffix("Connection")


def has_id(type_name: str) -> bool:
    """Is it a type whose objects are found by their global id?"""
    kind = TYPES[type_name]
    if isinstance(kind, GraphQLInterfaceType):
        return "id" in kind.fields
    return isinstance(kind, GraphQLObjectType) and any(each.name == "Node" for each in kind.interfaces)


def paths(type_name: str) -> Iterator[str]:
    """The fields of a type, and of its parts, in the schema's order."""
    kind = TYPES[type_name]
    if isinstance(kind, GraphQLUnionType):
        for member in kind.types:
            yield from paths(member.name)
        return
    for name in fields_of(type_name):
        yield from (name, *parts(type_name, name))


def parts(type_name: str, name: str) -> Iterator[str]:
    """What stands behind a field, where that has no id of its own."""
    behind = behind_field(fields_of(type_name)[name])
    if not (is_leaf_type(TYPES[behind]) or has_id(behind) or behind == REFUSALS):
        yield from (f"{name}.{further}" for further in paths(behind))


def objects_with_ids() -> list[str]:
    """Every type whose objects are found by their global id, by name."""
    node = TYPES["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    return sorted(each.name for each in core_schema(schema).get_possible_types(node))
