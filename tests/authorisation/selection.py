"""Selects every field of a type, and of the nested types that have no id.

A path names a field as the table does: `administrators.email` is the field `email` of the type of `administrators`.
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

USER_ERROR: Final = "UserError"
"""The interface of errors in payloads, of which only the codes are selected."""


@dataclass(frozen=True)
class SelectionBuilder:
    """Builds selections of types.

    Attributes:
        arguments: The arguments of fields that require them, by type and field.
        selected: The types and fields selected so far.
    """

    arguments: Mapping[tuple[str, str], str] = field(default_factory=dict)
    selected: set[tuple[str, str]] = field(default_factory=set)

    def all_fields(self, type_name: str) -> str:
        """The selection of every field of a type."""
        kind = TYPES[type_name]
        if isinstance(kind, GraphQLUnionType):
            members = (f"... on {each.name} {{ {self.all_fields(each.name)} }}" for each in kind.types)
            return f"__typename {' '.join(members)}"
        return " ".join(self.one_field(type_name, name) for name in fields_of(type_name))

    def one_field(self, type_name: str, name: str) -> str:
        """The selection of one field of a type."""
        field = fields_of(type_name)[name]
        self.selected.add((type_name, name))
        arguments = self.arguments.get((type_name, name), "")
        if not arguments and any(map(is_required_argument, field.args.values())):
            raise AssertionError(f"{type_name}.{name} needs an argument: give it one in tests/authorisation.")
        target = self._subselection(target_type(field))
        if is_connection(field):
            arguments, target = (
                ", ".join(filter(None, (arguments, "first: 40"))),
                f"totalCount edges {{ node {{ {target} }} }}",
            )
        return f"{name}{f'({arguments})' if arguments else ''}{f' {{ {target} }}' if target else ''}"

    def _subselection(self, type_name: str) -> str:
        """The id of a type that has one; all fields of another type."""
        if is_leaf_type(TYPES[type_name]):
            return ""
        if type_name == USER_ERROR:
            return "code refusal"
        return "__typename id" if has_id(type_name) else self.all_fields(type_name)


def fields_of(type_name: str) -> Mapping[str, GraphQLField]:
    """The fields of an object type by name."""
    kind = TYPES[type_name]
    assert isinstance(kind, GraphQLObjectType)
    fields: Mapping[str, GraphQLField] = kind.fields
    return fields


def target_type(field: GraphQLField) -> str:
    """The type of a field's value, of its list's items, or of its connection's nodes."""
    return get_named_type(field.type).name.removesuffix("Connection")


def has_id(type_name: str) -> bool:
    """Whether objects of the type are found by their global id."""
    kind = TYPES[type_name]
    if isinstance(kind, GraphQLInterfaceType):
        return "id" in kind.fields
    return isinstance(kind, GraphQLObjectType) and any(each.name == "Node" for each in kind.interfaces)


def paths(type_name: str) -> Iterator[str]:
    """The paths of the fields of a type and of its nested types, in the schema's order."""
    kind = TYPES[type_name]
    if isinstance(kind, GraphQLUnionType):
        for member in kind.types:
            yield from paths(member.name)
        return
    for name in fields_of(type_name):
        yield from (name, *nested_paths(type_name, name))


def nested_paths(type_name: str, name: str) -> Iterator[str]:
    """The paths below a field whose type has no id."""
    target = target_type(fields_of(type_name)[name])
    if not (is_leaf_type(TYPES[target]) or has_id(target) or target == USER_ERROR):
        yield from (f"{name}.{further}" for further in paths(target))


def objects_with_ids() -> list[str]:
    """The names of all types whose objects are found by their global id, sorted."""
    node = TYPES["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    return sorted(each.name for each in core_schema(schema).get_possible_types(node))
