"""Limits on the size of variables, checked before they are coerced to their declared types."""

from typing import Final

from gql.limits.allowance import Allowance
from gql.limits.faults import NameTooLong, TextTooLong, TooExpensive, TooManyItems, TooManyNames, VariablesTooDeep

_Path = tuple[str, "_Path"] | None
"""A path from its last segment to its first."""

ROOT: Final = "variables"
"""The path of the variables as a whole."""


def check_variables(variables: object, allowance: Allowance) -> None:
    """Refuses variables that are larger than any operation needs.

    The GraphQL library searches an input's names for one like each unknown name, and quotes what doesn't fit: for a
    hundred thousand names, or one of a million characters, that would take minutes.

    Args:
        variables: The `variables` of the request, parsed from JSON.
        allowance: The limits.

    Raises:
        TooExpensive: A limit is exceeded.
    """
    pending: list[tuple[object, int]] = [(variables, 0)] if variables else []

    def check(fault_class: type[TooExpensive], asked: int, allowed: int) -> None:
        if asked > allowed:
            raise fault_class(asked, allowed, place=_path_to(variables, value))

    while pending:
        value, depth = pending.pop()
        children: list[object] = []
        if isinstance(value, str):
            check(TextTooLong, len(value), allowance.text_characters)
        elif isinstance(value, list):
            check(TooManyItems, len(value), allowance.list_items)
            children = value
        elif isinstance(value, dict):
            check(TooManyNames, len(value), allowance.names)
            check(NameTooLong, max(map(len, value), default=0), allowance.name_characters)
            children = list(value.values())
        check(VariablesTooDeep, depth, allowance.depth)
        pending += [(child, depth + 1) for child in children]


def _path_to(variables: object, target: object) -> str:
    """The path of a value in the variables, such as `input.themeLevels`; `variables` for the whole."""
    # Paths are linked lists: strings for all values of a deep list would take too long.
    pending: list[tuple[object, _Path]] = [(variables, None)]
    while pending:
        value, path = pending.pop()
        if value is target:
            return ".".join(_segments(path)) or ROOT
        children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        pending += [(child, (str(name), path)) for name, child in children]
    return ROOT


def _segments(path: _Path) -> list[str]:
    segments = []
    while path:
        segment, path = path
        segments.append(segment)
    return segments[::-1]
