"""Properties of the whole schema: everything is described and declared, and non-null only if the table is."""

from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
)
from strawberry.types.base import StrawberryObjectDefinition
from tortoise import Tortoise

from domain import models
from domain.predicate import Predicate
from gql.reading.declare import column, guarded, localised, to_one
from gql.reading.fields import DeclaredField
from gql.reading.functions import Function
from gql.reading.nullability import check_nullability
from gql.reading.relations import ToOne
from gql.reading.sources import SOURCES, Source
from gql.reading.values import Column, Localised
from gql.roots import RootField
from gql.schema import schema
from gql.schema.references import AUser
from tests.gql.declared_fields import declared_fields
from tests.gql.selections import TYPES

FIELDS_WITH_FUNCTIONS = {
    "totalCount": "it is counted only if selected, by a statement of its own",
    "Organisation.selfRegistrationLink": "an address that is composed; no row has it",
    "Contract.notificationPreview": "it comes from the code that routes and renders mails; no row has it",
}
"""The fields, of a type or of every connection, that a function resolves, each with the reason."""


def fields_with_functions() -> Iterator[str]:
    """The fields that a function resolves, or that have a resolver of their own."""
    for name, converted in schema.schema_converter.type_map.items():
        definition = converted.definition
        fields = definition.fields if isinstance(definition, StrawberryObjectDefinition) else []
        for field in fields:
            field_name = schema.config.name_converter.from_field(field)
            has_function = isinstance(field, DeclaredField) and isinstance(field.resolution, Function)
            if name not in {"Query", "Mutation"} and (has_function or field.base_resolver is not None):
                yield field_name if name.endswith("Connection") else f"{name}.{field_name}"


def test_only_the_listed_fields_are_resolved_by_a_function():
    assert set(fields_with_functions()) == FIELDS_WITH_FUNCTIONS.keys()


def test_every_field_of_query_and_mutation_has_a_root_resolver():
    roots = [schema.schema_converter.type_map[name].definition for name in ("Query", "Mutation")]
    fields = [field for root in roots if isinstance(root, StrawberryObjectDefinition) for field in root.fields]

    assert all(isinstance(field, RootField) and field.root_resolver is not None for field in fields)


def test_every_field_of_an_entity_is_declared():
    undeclared = [
        f"{source.name}.{field.python_name}"
        for source in SOURCES.values()
        for field in source.declared_type.__strawberry_definition__.fields  # type: ignore[attr-defined]  # Strawberry adds it
        if not isinstance(field, DeclaredField)
    ]
    assert undeclared == []


def undescribed() -> Iterator[str]:
    for name, kind in TYPES.items():
        if name.startswith("__"):
            continue
        if not kind.description:
            yield name
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field_name, field in kind.fields.items():
                arguments = getattr(field, "args", {}).items()
                yield from (
                    f"{name}.{field_name}({argument_name})"
                    for argument_name, argument in arguments
                    if not argument.description
                )
                if not field.description:
                    yield f"{name}.{field_name}"
        if isinstance(kind, GraphQLEnumType):
            yield from (f"{name}.{value_name}" for value_name, value in kind.values.items() if not value.description)


def test_every_type_field_argument_and_value_is_described():
    assert list(undescribed()) == []


def test_enumeration_values_are_in_upper_case():
    enumerations = [kind for name, kind in TYPES.items() if isinstance(kind, GraphQLEnumType) and name[0] != "_"]

    assert all(value.isupper() for kind in enumerations for value in kind.values)


async def test_a_non_null_field_has_a_non_null_column(database: str):
    """Checked in the database itself, for fields that are just a column."""
    del database
    rows = await Tortoise.get_connection("default").execute_query_dict(
        "select table_name, column_name from information_schema.columns where is_nullable = 'YES'"
    )
    nullable = {(row["table_name"], row["column_name"]) for row in rows}
    violations = []
    for source in SOURCES.values():
        kind = TYPES[source.name]
        if source.model is None or not isinstance(kind, GraphQLObjectType):
            continue
        for field in declared_fields(source):
            if not isinstance(field.resolution, Column | Localised | ToOne):
                continue
            is_non_null = isinstance(kind.fields[schema.config.name_converter.from_field(field)].type, GraphQLNonNull)
            columns = {
                (source.model._meta.db_table, f"{field.python_name}{suffix}") for suffix in ("", "_id", "_nl", "_de")
            }
            if is_non_null and columns & nullable:
                violations.append(f"{source.name}.{field.python_name}")
    assert violations == []


@strawberry.type
class TooStrict:
    """Declares nullable columns as non-null, except for the last two."""

    email: str = column("Empty when there is none.")
    decided_by: AUser = to_one("Open tasks have none.")
    since: str = column("Of another name.", "decided_at")
    name: str = guarded("For some.", Predicate("true"), "id")
    birth_date: str | None = column("Says so.")
    id: str = column("A key.")


def test_a_non_null_declaration_of_a_nullable_column_is_an_error_at_start_up():
    source: Any = Source("TooStrict", TooStrict, {"id": "bigint"}, models.SelfRegistration)

    with pytest.raises(
        TypeError, match=r"TooStrict\.email, TooStrict\.decided_by, TooStrict\.since, TooStrict\.name\."
    ):
        check_nullability([source])


def test_a_localised_text_may_be_non_null_if_it_exists_in_every_language():
    @strawberry.type
    class Named:
        name: str = localised("Its name.")

    check_nullability([Source("Named", Named, {"id": "bigint"}, models.Theme)])
