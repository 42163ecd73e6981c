"""Questions whose answer is known to be no before they are asked: left out of a statement.

PostgreSQL finds out as much when it plans, but keeps a piece of its plan for each, and starts that for every answer.
"""

import re
from typing import Final

EXISTS: Final = re.compile(r"\bexists \((?=select from\b)")
"""Where it is asked whether there is a row."""
NEVER: Final = re.compile(r"\b(?:where|and|on)\s+false\s*(?=$|\b(?:where|and|join)\b)")
"""A condition that no row meets, one of several that must all hold."""
OTHERWISE: Final = re.compile(r"\b(?:or|case|left|full|union)\b")
"""What may give rows all the same."""
BRACKET: Final = re.compile(r"[()]")


def pruned(text: str) -> str:
    """The text with `false` for each `exists (select from …)` of which a condition is `false`."""
    # The innermost begin last.
    for found in reversed([*EXISTS.finditer(text)]):
        asked = _within_bracket(text, found.end())
        if asked is not None and _never(asked):
            text = f"{text[: found.start()]}false{text[found.end() + len(asked) + 1 :]}"
    return text


def _within_bracket(text: str, start: int) -> str | None:
    """What stands from there to the bracket that closes."""
    depth = 1
    for bracket in BRACKET.finditer(text, start):
        depth += 1 if bracket[0] == "(" else -1
        if not depth:
            return text[start : bracket.start()]
    return None


def _never(asked: str) -> bool:
    outside = asked
    while (inside := re.sub(r"\([^()]*\)", "…", outside)) != outside:
        outside = inside
    return bool(NEVER.search(outside)) and not OTHERWISE.search(outside)
