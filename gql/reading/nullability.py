"""Checks at start-up that what is non-null in the schema is NOT NULL in the tables."""

from collections.abc import Iterable, Iterator

from strawberry.types.base import StrawberryOptional
from strawberry.types.field import StrawberryField
from tortoise.models import Model

from gql.reading.fields import DeclaredField
from gql.reading.relations import ToOne
from gql.reading.sources import Source
from gql.reading.values import Column, Localised
from wording import LANGUAGES


def check_nullability(sources: Iterable[Source]) -> None:
    """Compares the declarations with the models, which agree with the migrations.

    Raises:
        TypeError: A non-null field reads a nullable column, or has a guard.
    """
    names = [f"{source.name}.{field.python_name}" for source in sources for field in _wrongly_non_null(source)]
    if names:
        raise TypeError(f"These fields can be null, so their types must be nullable: {', '.join(names)}.")


def _wrongly_non_null(source: Source) -> Iterator[DeclaredField]:
    fields: list[StrawberryField] = source.declared_type.__strawberry_definition__.fields  # type: ignore[attr-defined]  # Strawberry adds it
    for field in fields:
        if isinstance(field, DeclaredField) and not isinstance(field.type, StrawberryOptional):
            columns = _columns(field) if source.model else ()
            if field.guard is not None or any(_may_be_null(source.model, column) for column in columns):
                yield field


def _columns(field: DeclaredField) -> Iterable[str]:
    """The columns that the field's value is read from unchanged; none for any other field."""
    match field.resolution:
        case Column(name=name):
            return (name or field.python_name,)
        case ToOne(key=None):
            # The models know the relation from the start, its column only when the database is open.
            return (field.python_name,)
        case Localised():
            return tuple(f"{field.python_name}_{language}" for language in LANGUAGES)
    return ()


def _may_be_null(model: type[Model] | None, column: str) -> bool:
    return model is not None and bool(model._meta.fields_map[column].null)
