"""The facts about the viewer as parameters of a statement.

Most lists hold one key, which is written `= $1`: PostgreSQL knows how many rows that selects. Of `= any($1)` it expects
ten times as many, and then checks row by row where it had better look all of them up at once. What rules ask of facts
that are absent was left out before, so that PostgreSQL doesn't look at it for each row.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.standing import FACT, FACTS, MANY, Standing

FACT_REFERENCE: Final = re.compile(rf"= any\(:({'|'.join(FACTS)})\)|{FACT.pattern}")
"""A reference to a fact: a comparison with the keys of a list, or anything else."""
ABSENT: Final = {"bigint": "null::bigint", "bigint[]": "'{}'::bigint[]"}
"""How an absent fact is written, by its SQL type."""


@dataclass(frozen=True)
class FactParameters:
    """The facts that a statement refers to.

    Attributes:
        names: Those that are its first parameters, in order.
        key_counts: For how many keys of each fact that its rules refer to it is written: none, one, or `MANY`.
    """

    names: tuple[str, ...]
    key_counts: Mapping[str, int]

    def matches(self, standing: Standing) -> bool:
        """Is the statement right for a viewer with these facts?"""
        return self.key_counts.items() <= standing.fact_counts.items()

    def values(self, standing: Standing) -> Sequence[Any]:
        """The statement's first parameters."""
        facts = [(getattr(standing, name), self.key_counts[name]) for name in self.names]
        return [fact[0] if count == 1 and isinstance(fact, list) else fact for fact, count in facts]


def bind_facts(text: str, standing: Standing, referenced: frozenset[str] = frozenset()) -> tuple[str, FactParameters]:
    """The text of a statement for every viewer with the same facts present, and as many keys in each.

    Args:
        text: It refers to facts as `:name`.
        standing: The facts about a viewer.
        referenced: Facts that its rules referred to before what is never true of such viewers was left out.

    Returns:
        The text with a parameter number for each fact that is present, and which these are.
    """
    key_counts = {name: standing.fact_counts[name] for name in {*referenced, *FACT.findall(text)}}
    names: list[str] = []

    def parameter(name: str) -> str:
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}::{FACTS[name] if key_counts[name] == MANY else 'bigint'}"

    def fact_value(name: str) -> str:
        if not key_counts[name]:
            return ABSENT[FACTS[name]]
        is_single_key_list = key_counts[name] == 1 and FACTS[name] == "bigint[]"
        return f"array[{parameter(name)}]" if is_single_key_list else parameter(name)

    def reference(match: re.Match[str]) -> str:
        compared, name = match.groups()
        if compared and key_counts[compared] == 1:
            return f"= {parameter(compared)}"
        value = fact_value(name or compared)
        return f"= any({value})" if compared else value

    return FACT_REFERENCE.sub(reference, text), FactParameters(tuple(names), key_counts)
