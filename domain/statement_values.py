"""The values of a statement: each has a number in its text, the facts about who asks among them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from domain.standing import FACT, FACTS, Standing

KEPT: Final = 500
"""How many texts are kept with a place for each fact: those of one rule or loader are always the same."""


class Values:
    """The values of one statement, and the numbers that they have in its text."""

    def __init__(self, *first: Any) -> None:
        self.list: list[Any] = list(first)
        self._facts: dict[str, str] = {}

    def add(self, value: Any, kind: str) -> str:
        """A place for one more value of an SQL type."""
        self.list.append(value)
        return f"${len(self.list)}::{kind}"

    def place(self, text: str, given: Mapping[str, tuple[Any, str]]) -> str:
        """Puts a place for each `:name` of the values given, each with its SQL type; all of one name get one place."""
        for name, (value, kind) in given.items():
            text = re.sub(rf"(?<!:):{name}\b", self.add(value, kind), text)
        return text

    def bind(self, text: str, standing: Standing) -> str:
        """Puts a place for each `:fact` that the text names."""
        placed, names = _placed(text, len(self.list), tuple(self._facts.items()))
        for name in names:
            self._facts[name] = self.add(getattr(standing, name), FACTS[name])
        return placed


@lru_cache(KEPT)
def _placed(text: str, before: int, known: tuple[tuple[str, str], ...]) -> tuple[str, tuple[str, ...]]:
    """The text with a place for each `:fact`, and the facts that take the places after so many; others are known."""
    places, new = dict(known), list[str]()

    def place(match: re.Match[str]) -> str:
        name = match[1]
        if name not in places:
            new.append(name)
            places[name] = f"${before + len(new)}::{FACTS[name]}"
        return places[name]

    return FACT.sub(place, text), tuple(new)
