"""The reader's facts as values of a statement.

Most lists hold one key, which is written `= $1`: PostgreSQL knows how many rows that selects. Of `= any($1)` it expects
ten times as many, and then checks row by row where it had better look all of them up at once. What rules ask of facts
that aren't there was left out before, so that PostgreSQL doesn't look at it for each row.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.standing import FACT, FACTS, MANY, Standing

PLACE: Final = re.compile(rf"= any\(:({'|'.join(FACTS)})\)|{FACT.pattern}")
"""Where a fact stands: what is to be one of a list's keys, or anything else."""
NOTHING: Final = {"bigint": "null::bigint", "bigint[]": "'{}'::bigint[]"}
"""How an absent fact is written, by its SQL type."""


@dataclass(frozen=True)
class Facts:
    """The facts that a statement names.

    Attributes:
        names: Those that are its first values, in order.
        held: How many keys each of those is written for that its rules name: none, one, or `MANY`.
    """

    names: tuple[str, ...]
    held: Mapping[str, int]

    def fit(self, standing: Standing) -> bool:
        """Does the statement say all of what its rules say to somebody with these facts, and nothing else?"""
        return self.held.items() <= standing.fact_counts.items()

    def values(self, standing: Standing) -> Sequence[Any]:
        """The statement's first values."""
        facts = [(getattr(standing, name), self.held[name]) for name in self.names]
        return [fact[0] if many == 1 and isinstance(fact, list) else fact for fact, many in facts]


def with_facts(text: str, standing: Standing, named: frozenset[str] = frozenset()) -> tuple[str, Facts]:
    """The text of a statement for everyone with the same facts present as this person, and as many keys in each.

    Args:
        text: It names facts as `:name`.
        standing: The facts about somebody.
        named: Facts that its rules named before what is never true of such people was left out.

    Returns:
        The text with a number for each fact that is present, and which these are.
    """
    held = {name: standing.fact_counts[name] for name in {*named, *FACT.findall(text)}}
    names: list[str] = []

    def key(name: str) -> str:
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}::{FACTS[name] if held[name] == MANY else 'bigint'}"

    def place(match: re.Match[str]) -> str:
        one_of, name = match.groups()
        if one_of and held[one_of] == 1:
            return f"= {key(one_of)}"
        value = _list_or_key(name or one_of)
        return f"= any({value})" if one_of else value

    def _list_or_key(name: str) -> str:
        if not held[name]:
            return NOTHING[FACTS[name]]
        return f"array[{key(name)}]" if held[name] == 1 and FACTS[name] == "bigint[]" else key(name)

    return PLACE.sub(place, text), Facts(tuple(names), held)
