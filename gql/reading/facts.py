"""The reader's facts in a statement: values of it where there are any, and left out of it otherwise.

Most people have few facts: an administrator of one organisation is USER nowhere, and no contracting authority. What the
rules say of other facts is left out, so that PostgreSQL doesn't look at it for each row. And most lists hold one key,
which is written `= $1`: PostgreSQL knows how many rows that selects. Of `= any($1)` it expects ten times as many, and
then checks row by row where it had better look all of them up at once.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.standing import FACT, FACTS, SEVERAL, Standing
from gql.reading.pruned import pruned

KEY_OF: Final = re.compile(r'(?<![\w.":])[\w."]+ = (?:any\(:(\w+)\)|:(\w+)\b)')
"""A column that is to be a key, or in a list of keys."""
ANY: Final = re.compile(r"= any\(:(\w+)\)")
"""Whatever a list of keys is to hold."""
FILLED: Final = re.compile(r"cardinality\(:(\w+)\) > 0")
"""Is there anything in a list?"""
NOTHING: Final = {"bigint": "null::bigint", "bigint[]": "'{}'::bigint[]"}
"""How an absent fact is written, by its SQL type."""


@dataclass(frozen=True)
class Facts:
    """The facts that a statement names.

    Attributes:
        given: Those that are its first values, in order.
        held: How many keys each of those that it names is written for: none, one, or `SEVERAL`.
    """

    given: tuple[str, ...]
    held: Mapping[str, int]

    def fit(self, standing: Standing) -> bool:
        """Does the statement say all of what its rules say to somebody with these facts, and nothing else?"""
        return self.held.items() <= standing.held.items()

    def values(self, standing: Standing) -> Sequence[Any]:
        """The statement's first values."""
        facts = [(getattr(standing, name), self.held[name]) for name in self.given]
        return [fact[0] if many == 1 and isinstance(fact, list) else fact for fact, many in facts]


def with_facts(text: str, standing: Standing) -> tuple[str, Facts]:
    """The text of a statement for everyone with the same facts present as this person, and as many keys in each.

    Args:
        text: It names facts as `:name`.
        standing: The facts about somebody.

    Returns:
        The text with a number for each fact that is present, and which these are.
    """
    held = {match[1]: standing.held[match[1]] for match in FACT.finditer(text)}
    given: list[str] = []

    def key(name: str) -> str:
        if name not in given:
            given.append(name)
        return f"${given.index(name) + 1}::{FACTS[name] if held[name] == SEVERAL else 'bigint'}"

    def place(match: re.Match[str]) -> str:
        name = match[1]
        if not held[name]:
            return NOTHING[FACTS[name]]
        return f"array[{key(name)}]" if held[name] == 1 and FACTS[name] == "bigint[]" else key(name)

    text = pruned(KEY_OF.sub(lambda match: match[0] if held.get(match[1] or match[2], 1) else "false", text))
    text = FILLED.sub(lambda match: "true" if held[match[1]] == 1 else match[0], text)
    text = ANY.sub(lambda match: f"= {key(match[1])}" if held[match[1]] == 1 else match[0], text)
    return FACT.sub(place, text), Facts(tuple(given), held)
