"""How much variables may hold: measured before they are compared with the types that are declared for them."""

from typing import Final

from gql.limits.allowance import Allowance
from gql.limits.excess import too_expensive

_ADVICE: Final = "Give less at once."


def check_variables(variables: object, allowance: Allowance) -> None:
    """Lets variables pass that hold no more than any operation needs.

    What an input doesn't have is looked for among the names that it has, and what doesn't fit is quoted: for a hundred
    thousand names, or for one of a million characters, that would take the process minutes.

    Args:
        variables: What came as `variables`, as it was read from JSON.
        allowance: How much it may be.

    Raises:
        GraphQLError: There is too much of something; `original_error` is a `TooExpensive` with both figures.
    """
    waiting: list[tuple[object, int]] = [(variables, 0)]
    while waiting:
        given, depth = waiting.pop()
        inner: list[object] = []
        if isinstance(given, str):
            _bound("characters in a text", len(given), allowance.text_characters)
        elif isinstance(given, list):
            _bound("items in a list", len(given), allowance.list_items)
            inner = given
        elif isinstance(given, dict):
            _bound("names in an input", len(given), allowance.names)
            _bound("characters in a name", max(map(len, given), default=0), allowance.name_characters)
            inner = list(given.values())
        _bound("levels in the variables", depth, allowance.depth)
        waiting += [(value, depth + 1) for value in inner]


def _bound(what: str, asked: int, allowed: int) -> None:
    if asked > allowed:
        raise too_expensive(what, asked, allowed, _ADVICE)
