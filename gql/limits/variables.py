"""How much variables may hold: measured before they are compared with the types that are declared for them."""

from typing import Final

from gql.limits.allowance import Allowance
from gql.limits.faults import NameTooLong, TextTooLong, TooExpensive, TooManyItems, TooManyNames, VariablesTooDeep

_Way = tuple[str, "_Way"] | None

WHOLE: Final = "variables"
"""How a request calls all that it gives."""


def check_variables(variables: object, allowance: Allowance) -> None:
    """Lets variables pass that hold no more than any operation needs.

    What an input doesn't have is looked for among the names that it has, and what doesn't fit is quoted: for a hundred
    thousand names, or for one of a million characters, that would take the process minutes.

    Args:
        variables: What came as `variables`, as it was read from JSON.
        allowance: How much it may be.

    Raises:
        TooExpensive: There is too much of something.
    """
    waiting: list[tuple[object, int]] = [(variables, 0)] if variables else []

    def bound(too_much: type[TooExpensive], asked: int, allowed: int) -> None:
        if asked > allowed:
            raise too_much(asked, allowed, place=_place(variables, given))

    while waiting:
        given, depth = waiting.pop()
        inner: list[object] = []
        if isinstance(given, str):
            bound(TextTooLong, len(given), allowance.text_characters)
        elif isinstance(given, list):
            bound(TooManyItems, len(given), allowance.list_items)
            inner = given
        elif isinstance(given, dict):
            bound(TooManyNames, len(given), allowance.names)
            bound(NameTooLong, max(map(len, given), default=0), allowance.name_characters)
            inner = list(given.values())
        bound(VariablesTooDeep, depth, allowance.depth)
        waiting += [(value, depth + 1) for value in inner]


def _place(variables: object, meant: object) -> str:
    """Where in the variables something stands, such as `input.themeLevels`; `variables` for all of them."""
    # Each with the way to it from its end on: written out for all, ways through deep lists would take long.
    waiting: list[tuple[object, _Way]] = [(variables, None)]
    while waiting:
        given, way = waiting.pop()
        if given is meant:
            return ".".join(_names(way)) or WHOLE
        steps = given.items() if isinstance(given, dict) else enumerate(given) if isinstance(given, list) else ()
        waiting += [(value, (str(name), way)) for name, value in steps]
    return WHOLE


def _names(way: _Way) -> list[str]:
    names = []
    while way:
        name, way = way
        names.append(name)
    return names[::-1]
