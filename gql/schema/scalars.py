"""The scalars of the contract. Input is taken as text: what is wrong with it is said with its path, by a rule."""

from typing import Final, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from domain.enterprise_number import shown

EmailAddress = NewType("EmailAddress", str)
EnterpriseNumber = NewType("EnterpriseNumber", str)
NationalNumber = NewType("NationalNumber", str)


def _text(value: object) -> str:
    if not isinstance(value, str):
        # What the library says of any other error would quote the value.
        raise GraphQLError("A text is expected.")
    return value


def _never(_value: object) -> str:
    raise TypeError("A national register number is never given out.")


SCALARS: Final[dict[object, ScalarDefinition]] = {
    EmailAddress: strawberry.scalar(
        name="EmailAddress",
        description="An e-mail address (RFC 5321), such as `facturatie@aannemer.example`.",
        serialize=str,
        parse_value=_text,
    ),
    EnterpriseNumber: strawberry.scalar(
        name="EnterpriseNumber",
        description="An enterprise number (ondernemingsnummer, KBO). In: any usual notation; out: `0123.456.749`.",
        serialize=shown,
        parse_value=_text,
    ),
    NationalNumber: strawberry.scalar(
        name="NationalNumber",
        description="A national register number (rijksregisternummer) or BIS number. Input only.",
        serialize=_never,
        parse_value=_text,
    ),
}
"""Each scalar by its Python type."""
