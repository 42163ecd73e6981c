"""Optional fields of inputs, as rules take them: a field that was left out is unchanged."""

from typing import Any, TypeVar

from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from domain.refusals import Findings, Required
from domain.unchanged import UNCHANGED, Unchanged

Value = TypeVar("Value")


def or_unchanged(value: Value) -> Value | Unchanged:
    """The value, or `UNCHANGED` for a field that was left out."""
    return UNCHANGED if value is UNSET else value


def required_or_unchanged(value: Value | None) -> Value | Unchanged:
    """The same of a field that can't be emptied, after `require_not_null`."""
    if value is None:
        raise TypeError("A field that can't be emptied is null.")
    return or_unchanged(value)


def require_not_null(input: Any, *fields: str) -> None:
    """Requires that none of these fields, which can't be emptied, is null.

    Args:
        input: The input.
        fields: Their names in Python.

    Raises:
        Refusals: One for each that is null.
    """
    findings = Findings()
    for field in fields:
        if getattr(input, field) is None:
            findings.add(Required(to_camel_case(field)))
    findings.raise_if_any()
