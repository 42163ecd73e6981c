"""The target of a declared field: the source that it leads to, by its type and the models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from strawberry.types.base import StrawberryContainer, StrawberryOptional
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType
from strawberry.types.union import StrawberryUnion
from tortoise.fields.relational import BackwardFKRelation

from gql.reading.joins import JoinCondition, join_on
from gql.reading.sources import SOURCES, Source


@dataclass(frozen=True)
class Target:
    """The target of a relation.

    Attributes:
        source: The rows it leads to; for a union, of its first member.
        optional: Whether the field may be null.
        members: The sources of a union by name; empty otherwise.
    """

    source: Source
    optional: bool
    members: Mapping[str, Source] = field(default_factory=dict)


@cache
def target_of(declared: StrawberryField) -> Target:
    """The target of a relation's field."""
    element_type, optional = _element_type(declared.type), isinstance(declared.type, StrawberryOptional)
    if isinstance(element_type, StrawberryUnion):
        sources = [_source(_element_type(member)) for member in element_type.types]
        return Target(sources[0], optional, {source.name: source for source in sources})
    return Target(_source(element_type), optional)


def foreign_key(owner: Source, field_name: str) -> JoinCondition:
    """The join of a field's rows to their owner, by the foreign key in the models."""
    if owner.model is None:
        raise TypeError(f"{owner.name}.{field_name} needs a join: {owner.name} has no table.")
    relation = owner.model._meta.fields_map[field_name]
    if not isinstance(relation, BackwardFKRelation):
        raise TypeError(f"{owner.name}.{field_name} is not a relation of the models.")
    return join_on(str(relation.relation_field))


def _element_type(kind: Any) -> Any:
    """The type inside lists, options, lazy references and connections."""
    while True:
        if isinstance(kind, StrawberryContainer):
            kind = kind.of_type
        elif isinstance(kind, LazyType):
            kind = kind.resolve_type()
        else:
            definition = getattr(kind, "__strawberry_definition__", None)
            if definition is None or not definition.type_var_map:
                return kind
            kind = next(iter(definition.type_var_map.values()))


def _source(kind: Any) -> Source:
    """The source of a type; for an interface, of the one type that implements it."""
    declared = kind.__strawberry_definition__.origin
    [source] = [source for source in SOURCES.values() if issubclass(source.declared_type, declared)]
    return source
