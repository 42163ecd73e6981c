"""The parameters of a statement, which its text refers to by number, including the facts about the actor."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from domain.standing import FACT, FACTS, Standing

CACHE_SIZE: Final = 500
"""How many texts are cached with placeholders for their facts; a rule or loader always has the same texts."""


class StatementParameters:
    """The parameters of one statement.

    Attributes:
        values: Their values, in the order of their numbers: the first is $1.
    """

    def __init__(self, *values: Any) -> None:
        self.values: list[Any] = list(values)
        self._facts: dict[str, str] = {}

    def add(self, value: Any, sql_type: str) -> str:
        """Adds a parameter of an SQL type; returns its placeholder."""
        self.values.append(value)
        return f"${len(self.values)}::{sql_type}"

    def bind_named(self, text: str, named: Mapping[str, tuple[Any, str]]) -> str:
        """The text with a placeholder for each `:name`.

        Args:
            text: The text.
            named: The value and SQL type of each name.
        """
        for name, (value, sql_type) in named.items():
            text = re.sub(rf"(?<!:):{name}\b", self.add(value, sql_type), text)
        return text

    def bind_facts(self, text: str, standing: Standing) -> str:
        """The text with a placeholder for each `:fact` that it names."""
        bound, names = _with_placeholders(text, len(self.values), tuple(self._facts.items()))
        for name in names:
            self._facts[name] = self.add(getattr(standing, name), FACTS[name])
        return bound


@lru_cache(CACHE_SIZE)
def _with_placeholders(text: str, count: int, bound: tuple[tuple[str, str], ...]) -> tuple[str, tuple[str, ...]]:
    """The text with a placeholder for each `:fact`, and the facts that take the numbers after `count`.

    Facts that are bound already keep their placeholders.
    """
    placeholders, added = dict(bound), list[str]()

    def placeholder(match: re.Match[str]) -> str:
        name = match[1]
        if name not in placeholders:
            added.append(name)
            placeholders[name] = f"${count + len(added)}::{FACTS[name]}"
        return placeholders[name]

    return FACT.sub(placeholder, text), tuple(added)
