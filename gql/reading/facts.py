"""Facts about the one who reads, in a statement: values of it where there are any, and left out of it otherwise.

Most people have few facts: an administrator of one organisation is USER nowhere and no contracting authority. What the
rules say to people with other facts is then nothing that PostgreSQL must look at for each row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.standing import FACT, FACTS, Standing

IN_LIST: Final = re.compile(r'(?<![\w.":])[\w."]+ = any\(:(\w+)\)')
"""A column that a list of keys is to be in."""
NOTHING: Final = {"bigint": "null::bigint", "bigint[]": "'{}'::bigint[]"}
"""How an absent fact is written, by its SQL type."""


@dataclass(frozen=True)
class Facts:
    """The facts that a statement names.

    Attributes:
        given: Those that are its first values, in order.
        absent: Those that it was written without.
    """

    given: tuple[str, ...]
    absent: frozenset[str]

    def fit(self, standing: Standing) -> bool:
        """Does the statement say all of what its rules say to somebody with these facts, and nothing else?"""
        return all(map(standing.has, self.given)) and not any(map(standing.has, self.absent))

    def values(self, standing: Standing) -> Sequence[Any]:
        """The statement's first values."""
        return [getattr(standing, name) for name in self.given]


def with_facts(text: str, standing: Standing) -> tuple[str, Facts]:
    """The text of a statement for everyone with the same facts present as this person.

    Args:
        text: It names facts as `:name`.
        standing: The facts about somebody.

    Returns:
        The text with a number for each fact that is present, and which these are.
    """
    named = {match[1] for match in FACT.finditer(text)}
    absent = frozenset(name for name in named if not standing.has(name))
    given: list[str] = []

    def in_list(match: re.Match[str]) -> str:
        return "false" if match[1] in absent else match[0]

    def place(match: re.Match[str]) -> str:
        name = match[1]
        if name in absent:
            return NOTHING[FACTS[name]]
        if name not in given:
            given.append(name)
        return f"${given.index(name) + 1}::{FACTS[name]}"

    placed = FACT.sub(place, IN_LIST.sub(in_list, text))
    return placed, Facts(tuple(given), absent)
