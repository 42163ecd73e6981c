"""Optional fields of inputs as rules take them: an omitted field is `UNCHANGED`."""

from typing import Any, TypeVar

from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from domain.refusals import Findings, Required
from domain.unchanged import UNCHANGED, Unchanged

Value = TypeVar("Value")


def or_unchanged(value: Value) -> Value | Unchanged:
    """The value of a field, or `UNCHANGED` if it was omitted."""
    return UNCHANGED if value is UNSET else value


def required_or_unchanged(value: Value | None) -> Value | Unchanged:
    """The same for a field that can't be emptied, which `require_not_null` has checked."""
    if value is None:
        raise TypeError("A field that can't be emptied is null.")
    return or_unchanged(value)


def require_not_null(input: Any, *fields: str) -> None:
    """Requires that none of these fields, which can't be emptied, is null.

    Args:
        input: The input.
        fields: The fields' names in Python.

    Raises:
        Refusals: One for each that is null.
    """
    findings = Findings()
    for field in fields:
        if getattr(input, field) is None:
            findings.add(Required(to_camel_case(field)))
    findings.raise_if_any()
