"""What an input says of a field that was left out, as the rules understand it."""

from typing import Any

from strawberry import UNSET

from domain.refusals import Required
from domain.unchanged import UNCHANGED


def as_given(value: Any) -> Any:
    """The value, or `UNCHANGED` for a field that was left out."""
    return UNCHANGED if value is UNSET else value


def as_filled(value: Any, *path: str) -> Any:
    """The same for a field that can't be emptied.

    Raises:
        Required: It is null.
    """
    if value is None:
        raise Required(*path)
    return as_given(value)
