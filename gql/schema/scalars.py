"""The scalars of the contract. Input is taken as text: what is wrong with it is said with its path, by a rule."""

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
"""The one way to write a day; Python would also take weeks (`2026-W48-5`) and days without dashes."""


_MOMENT: Final = re.compile(rf"{_DAY.pattern}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]+)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})")
"""The one way to write a moment (RFC 3339): without its distance from UTC it would be one of several."""


class TextExpected(Fault):
    """Something else than a text stands for a scalar."""

    message_template = "A text is expected."


class DayExpected(Fault):
    """What stands for a day isn't written as one."""

    message_template = "A day is expected, such as 2026-11-23."


class NoSuchDay(Fault):
    """Such as 31 November."""

    message_template = "A day that exists is expected, such as 2026-11-23."


class MomentExpected(Fault):
    """What stands for a moment isn't written as one, or could be one of several."""

    message_template = "A moment with its time zone is expected, such as 2026-11-23T09:05:00+01:00."


class NoSuchMoment(Fault):
    """Such as 25 o'clock."""

    message_template = "A moment that exists is expected, such as 2026-11-23T09:05:00+01:00."


def _text(value: object) -> str:
    if not isinstance(value, str):
        # What the library says of any other error would quote the value.
        raise TextExpected
    return value


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise DayExpected
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise NoSuchDay from None


def _moment(value: object) -> datetime:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise MomentExpected
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NoSuchMoment from None


def _written(parse: Callable[[object], object]) -> Callable[..., object]:
    """Reads a value that is written out in the document: what is wrong with it is said with its place there."""

    def read(node: ValueNode, variables: dict[str, Any] | None = None) -> object:
        try:
            return parse(value_from_ast_untyped(node, variables))
        except Fault as fault:
            raise GraphQLError(fault.message, node, original_error=fault) from None

    return read


def _never(_value: object) -> str:
    raise TypeError("A national register number is never given out.")


SCALARS: Final[dict[object, ScalarDefinition]] = {
    date: strawberry.scalar(
        name="Date",
        description="A calendar day in Brussels, such as `2026-11-23`.",
        serialize=date.isoformat,
        parse_value=_day,
        parse_literal=_written(_day),
    ),
    datetime: replace(
        DateTimeDefinition,
        description="A moment in UTC (ISO 8601), such as `2026-11-23T08:05:00+00:00`, or with microseconds: "
        "`2026-11-23T08:05:00.123456+00:00`. Input: with a UTC offset, such as `Z` or `+01:00` (RFC 3339).",
        parse_value=_moment,
        parse_literal=_written(_moment),
    ),
    EmailAddress: strawberry.scalar(
        name="EmailAddress",
        description="An e-mail address (RFC 5321), such as `facturatie@aannemer.example`.",
        serialize=str,
        parse_value=_text,
        parse_literal=_written(_text),
    ),
    EnterpriseNumber: strawberry.scalar(
        name="EnterpriseNumber",
        description="An enterprise number (ondernemingsnummer, KBO). Input: any usual notation; output: "
        "`0123.456.749`.",
        serialize=formatted,
        parse_value=_text,
        parse_literal=_written(_text),
    ),
    NationalNumber: strawberry.scalar(
        name="NationalNumber",
        description="A national register number (rijksregisternummer) or BIS number. Input only.",
        serialize=_never,
        parse_value=_text,
        parse_literal=_written(_text),
    ),
}
"""Each scalar by its Python type."""
