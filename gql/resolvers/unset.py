"""What an input says of a field that was left out, as the rules understand it."""

from typing import Any

from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from domain.refusals import Findings, Required
from domain.unchanged import UNCHANGED


def as_given(value: Any) -> Any:
    """The value, or `UNCHANGED` for a field that was left out."""
    return UNCHANGED if value is UNSET else value


def require_filled(given: Any, *fields: str) -> None:
    """Goes on only if none of these fields, which can't be emptied, is null.

    Args:
        given: The input.
        fields: Their names in Python.

    Raises:
        Refusals: Each that is null.
    """
    findings = Findings()
    for field in fields:
        if getattr(given, field) is None:
            findings.add(Required(to_camel_case(field)))
    findings.settle()
