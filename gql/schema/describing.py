"""Enumerations with the descriptions of their values."""

from enum import Enum
from typing import TypeVar

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

Enumeration = TypeVar("Enumeration", bound=type[Enum])


def described(enumeration: Enumeration, description: str, **values: str) -> Enumeration:
    """The enumeration, as a type of the schema.

    Args:
        enumeration: The enumeration.
        description: What it is.
        values: What each of its values means, by its name.

    Raises:
        TypeError: The described values aren't those of the enumeration.
    """
    if values.keys() != enumeration.__members__.keys():
        raise TypeError(f"{enumeration.__name__} has the values {', '.join(enumeration.__members__)}: describe these.")
    strawberry.enum(enumeration, description=description)
    definition: StrawberryEnumDefinition = enumeration.__strawberry_definition__  # type: ignore[attr-defined]  # Strawberry adds it
    for value in definition.values:
        value.description = values[value.name]
    return enumeration
