"""The facts about the viewer as parameters of a statement.

Most lists have one key, which is compared by `= $1`: PostgreSQL can estimate how many rows that selects. For
`= any($1)` it expects ten times as many, and may then check row by row what is faster to look up at once. Conditions on
facts that are absent have been omitted before, so that PostgreSQL doesn't evaluate them for each row.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.standing import FACT, FACTS, MANY, Standing

FACT_REFERENCE: Final = re.compile(rf"= any\(:({'|'.join(FACTS)})\)|{FACT.pattern}")
"""A reference to a fact: a comparison with the keys of a list, or anything else."""
ABSENT_FACT_SQL: Final = {"bigint": "null::bigint", "bigint[]": "'{}'::bigint[]"}
"""The SQL of an absent fact, by its type."""


@dataclass(frozen=True)
class FactParameters:
    """The facts that a statement refers to.

    Attributes:
        names: Those that are its first parameters, in order.
        key_counts: The number of keys of each fact that the statement is for: none, one, or `MANY`.
    """

    names: tuple[str, ...]
    key_counts: Mapping[str, int]

    def matches(self, standing: Standing) -> bool:
        """Is the statement for viewers with these facts?"""
        return self.key_counts.items() <= standing.fact_counts.items()

    def values(self, standing: Standing) -> Sequence[Any]:
        """The statement's first parameters."""
        facts = [(getattr(standing, name), self.key_counts[name]) for name in self.names]
        return [fact[0] if count == 1 and isinstance(fact, list) else fact for fact, count in facts]


def bind_facts(text: str, standing: Standing, referenced: frozenset[str] = frozenset()) -> tuple[str, FactParameters]:
    """Replaces the references to facts in a statement by parameters, for all viewers with the same kinds of facts.

    Args:
        text: The statement, which refers to facts as `:name`.
        standing: The facts about a viewer.
        referenced: Facts that are referred to in what was omitted for such viewers.

    Returns:
        The statement, and the facts that are its parameters.
    """
    key_counts = {name: standing.fact_counts[name] for name in {*referenced, *FACT.findall(text)}}
    names: list[str] = []

    def parameter(name: str) -> str:
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}::{FACTS[name] if key_counts[name] == MANY else 'bigint'}"

    def fact_value(name: str) -> str:
        if not key_counts[name]:
            return ABSENT_FACT_SQL[FACTS[name]]
        is_single_key_list = key_counts[name] == 1 and FACTS[name] == "bigint[]"
        return f"array[{parameter(name)}]" if is_single_key_list else parameter(name)

    def reference(match: re.Match[str]) -> str:
        compared, name = match.groups()
        if compared and key_counts[compared] == 1:
            return f"= {parameter(compared)}"
        value = fact_value(name or compared)
        return f"= any({value})" if compared else value

    return FACT_REFERENCE.sub(reference, text), FactParameters(tuple(names), key_counts)
