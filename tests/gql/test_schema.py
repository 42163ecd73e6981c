"""What holds for the whole schema: described, declared, and never null only where the table isn't."""

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

OWN_RESOLVERS = {
    "totalCount": "it is counted only when somebody asks for it, by a statement of its own",
    "Organisation.selfRegistrationLink": "an address that is put together; no row has it",
    "Contract.notificationPreview": "what routes and writes mails gives it; no row has it",
}
"""The fields of any type, or of every connection, that a function answers, each with its reason."""


def own() -> Iterator[str]:
    """The fields that aren't declared, or that a function answers."""
    for name, made in schema.schema_converter.type_map.items():
        definition = made.definition
        fields = definition.fields if isinstance(definition, StrawberryObjectDefinition) else []
        for field in fields:
            told = schema.config.name_converter.from_field(field)
            answered = isinstance(field, DeclaredField) and isinstance(field.resolution, Function)
            if name not in {"Query", "Mutation"} and (answered or (field.base_resolver is not None)):
                yield told if name.endswith("Connection") else f"{name}.{told}"


def test_only_these_fields_have_a_resolver_of_their_own():
    assert set(own()) == OWN_RESOLVERS.keys()


def test_every_field_of_query_and_mutation_names_what_answers_it():
    roots = [schema.schema_converter.type_map[name].definition for name in ("Query", "Mutation")]
    fields = [field for root in roots if isinstance(root, StrawberryObjectDefinition) for field in root.fields]

    assert all(isinstance(field, RootField) and field.root_resolver is not None for field in fields)


def test_every_field_of_an_entity_is_declared():
    plain = [
        f"{source.name}.{field.python_name}"
        for source in SOURCES.values()
        for field in source.declared_type.__strawberry_definition__.fields  # type: ignore[attr-defined]  # Strawberry adds it
        if not isinstance(field, DeclaredField)
    ]
    assert plain == []


def undescribed() -> Iterator[str]:
    for name, kind in TYPES.items():
        if name.startswith("__"):
            continue
        if not kind.description:
            yield name
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field_name, field in kind.fields.items():
                arguments = getattr(field, "args", {}).items()
                yield from (f"{name}.{field_name}({each})" for each, argument in arguments if not argument.description)
                if not field.description:
                    yield f"{name}.{field_name}"
        if isinstance(kind, GraphQLEnumType):
            yield from (f"{name}.{each}" for each, value in kind.values.items() if not value.description)


def test_every_type_field_argument_and_value_is_described():
    assert list(undescribed()) == []


def test_enumerations_are_spelt_like_constants():
    enumerations = [kind for name, kind in TYPES.items() if isinstance(kind, GraphQLEnumType) and name[0] != "_"]

    assert all(value.isupper() for kind in enumerations for value in kind.values)


async def test_what_is_never_null_in_the_schema_is_never_null_in_the_table(database: str):
    """Asked of the database itself, for fields that are nothing but a column."""
    del database
    rows = await Tortoise.get_connection("default").execute_query_dict(
        "select table_name, column_name from information_schema.columns where is_nullable = 'YES'"
    )
    nullable = {(row["table_name"], row["column_name"]) for row in rows}
    wrong = []
    for source in SOURCES.values():
        kind = TYPES[source.name]
        if source.model is None or not isinstance(kind, GraphQLObjectType):
            continue
        for field in declared_fields(source):
            if not isinstance(field.resolution, Column | Localised | ToOne):
                continue
            promised = isinstance(kind.fields[schema.config.name_converter.from_field(field)].type, GraphQLNonNull)
            keys = {(source.model._meta.db_table, f"{field.python_name}{end}") for end in ("", "_id", "_nl", "_de")}
            if promised and keys & nullable:
                wrong.append(f"{source.name}.{field.python_name}")
    assert wrong == []


@strawberry.type
class Sure:
    """Promises too much, but for the last two."""

    email: str = column("Empty when there is none.")
    decided_by: AUser = to_one("Open tasks have none.")
    since: str = column("Of another name.", "decided_at")
    name: str = guarded("For some.", Predicate("true"), "id")
    birth_date: str | None = column("Says so.")
    id: str = column("A key.")


def test_a_declaration_that_promises_too_much_stops_the_program():
    source: Any = Source("Sure", Sure, {"id": "bigint"}, models.SelfRegistration)

    with pytest.raises(TypeError, match=r"Sure\.email, Sure\.decided_by, Sure\.since, Sure\.name\."):
        check_nullability([source])


def test_a_text_in_every_language_is_promised_only_when_all_are_there():
    @strawberry.type
    class Named:
        name: str = localised("Its name.")

    check_nullability([Source("Named", Named, {"id": "bigint"}, models.Theme)])
