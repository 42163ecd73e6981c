"""The scalars of the contract. Addresses and numbers are accepted as text, and checked by rules that name the field."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final, NewType

import strawberry
from graphql import GraphQLError, ValueNode, value_from_ast_untyped
from strawberry.schema.types.base_scalars import DateTimeDefinition
from strawberry.types.scalar import ScalarDefinition

from domain.enterprise_number import formatted
from gql.faults import Fault

EmailAddress = NewType("EmailAddress", str)
EnterpriseNumber = NewType("EnterpriseNumber", str)
NationalNumber = NewType("NationalNumber", str)

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""The accepted format of days; Python would also accept weeks (`2026-W48-5`) and days without hyphens."""


_MOMENT: Final = re.compile(rf"{_DAY.pattern}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]+)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})")
"""The accepted format of moments (RFC 3339); without a UTC offset they would be ambiguous."""


class TextExpected(Fault):
    """The value of a scalar isn't text."""

    message_template = "A text is expected."


class DayExpected(Fault):
    """The value isn't in the format of days."""

    message_template = "A day is expected, such as 2026-11-23."


class NoSuchDay(Fault):
    """The day doesn't exist, such as 31 November."""

    message_template = "A day that exists is expected, such as 2026-11-23."


class MomentExpected(Fault):
    """The value isn't in the format of moments, or has no UTC offset."""

    message_template = "A moment with its time zone is expected, such as 2026-11-23T09:05:00+01:00."


class NoSuchMoment(Fault):
    """The moment doesn't exist, such as 25 o'clock."""

    message_template = "A moment that exists is expected, such as 2026-11-23T09:05:00+01:00."


def _parse_text(value: object) -> str:
    if not isinstance(value, str):
        # The library's message for any other error would quote the value.
        raise TextExpected
    return value


def _parse_day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise DayExpected
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise NoSuchDay from None


def _parse_moment(value: object) -> datetime:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise MomentExpected
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NoSuchMoment from None


def _literal_parser(parse: Callable[[object], object]) -> Callable[..., object]:
    """The parser of literals in documents, whose errors have the location of the literal."""

    def parse_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> object:
        try:
            return parse(value_from_ast_untyped(node, variables))
        except Fault as fault:
            raise GraphQLError(fault.message, node, original_error=fault) from None

    return parse_literal


def _refuse_to_serialize(_value: object) -> str:
    raise TypeError("A national register number is never returned.")


SCALARS: Final[dict[object, ScalarDefinition]] = {
    date: strawberry.scalar(
        name="Date",
        description="A calendar day in Brussels, such as `2026-11-23`.",
        serialize=date.isoformat,
        parse_value=_parse_day,
        parse_literal=_literal_parser(_parse_day),
    ),
    datetime: replace(
        DateTimeDefinition,
        description="A moment in UTC (ISO 8601), such as `2026-11-23T08:05:00+00:00`, or with microseconds: "
        "`2026-11-23T08:05:00.123456+00:00`. Input: with a UTC offset, such as `Z` or `+01:00` (RFC 3339).",
        parse_value=_parse_moment,
        parse_literal=_literal_parser(_parse_moment),
    ),
    EmailAddress: strawberry.scalar(
        name="EmailAddress",
        description="An e-mail address (RFC 5321), such as `facturatie@aannemer.example`.",
        serialize=str,
        parse_value=_parse_text,
        parse_literal=_literal_parser(_parse_text),
    ),
    EnterpriseNumber: strawberry.scalar(
        name="EnterpriseNumber",
        description="An enterprise number (ondernemingsnummer, KBO). Input: any usual notation; output: "
        "`0123.456.749`.",
        serialize=formatted,
        parse_value=_parse_text,
        parse_literal=_literal_parser(_parse_text),
    ),
    NationalNumber: strawberry.scalar(
        name="NationalNumber",
        description="A national register number (rijksregisternummer) or BIS number. Input only.",
        serialize=_refuse_to_serialize,
        parse_value=_parse_text,
        parse_literal=_literal_parser(_parse_text),
    ),
}
"""Each scalar by its Python type."""
