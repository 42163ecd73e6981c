"""A condition on one row and on the one who asks, written once: for queries, rules and the reading of the graph.

It is a tree. So it can be told to people who lack some facts without what it asks of those, and with one of its
questions in another form where that is better.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from domain.sql import Held, Sql
from domain.standing import FACTS, SEVERAL


@dataclass(frozen=True, eq=False)
class Predicate(Sql):
    """SQL that is true or false of a row."""

    def known(self, held: Held) -> "Predicate":
        """The condition for people who hold as many keys of each fact, without what is never true of them."""
        return replace(self, parts=tuple(part.known(held) for part in self.parts))

    def __or__(self, other: "Predicate") -> "Predicate":
        return any_of(self, other)

    def __and__(self, other: "Predicate") -> "Predicate":
        return all_of(self, other)


@dataclass(frozen=True, eq=False)
class NamedPredicate(Predicate):
    """A condition about what the template names that is known by its class, so that pages can ask it in other forms."""

    @property
    @abstractmethod
    def expansion(self) -> Predicate:
        """As it is asked of one row."""

    def known(self, held: Held) -> Predicate:
        """The condition, for people who hold as many keys of each fact."""
        return self.expansion.known(held)

    def _written(self) -> str:
        return self.expansion.text


@dataclass(frozen=True, eq=False)
class _Junction(Predicate):
    """The parts joined by a word: with `or` one of them must be true, with `and` all of them."""

    word: Literal["or", "and"] = "and"

    def known(self, held: Held) -> Predicate:
        decisive, idle = (ALWAYS, NEVER) if self.word == "or" else (NEVER, ALWAYS)
        parts = [part.known(held) for part in self.parts]
        return decisive if decisive in parts else _joined(self.word, [part for part in parts if part != idle])

    def _written(self) -> str:
        if self.word == "or":
            return " or ".join(part.text for part in self.parts) or "false"
        return " and ".join(f"({part.text})" for part in self.parts) or "true"


@dataclass(frozen=True, eq=False)
class _Exists(Predicate):
    """Is there such a row? The template is what stands behind FROM, with the condition as its part."""

    def known(self, held: Held) -> Predicate:
        [condition] = (part.known(held) for part in self.parts)
        return NEVER if condition == NEVER else replace(self, parts=(condition,))

    def _written(self) -> str:
        return f"exists (select from {super()._written()})"


@dataclass(frozen=True, eq=False)
class _Among(Predicate):
    """Is the key that the template names the one that a fact holds, or one of those?"""

    fact: str = ""

    def known(self, held: Held) -> Predicate:
        return self if held[self.fact] else NEVER

    def _written(self) -> str:
        fact = f":{self.fact}"
        return f"{self.template} = " + (f"any({fact})" if FACTS[self.fact] == "bigint[]" else fact)


@dataclass(frozen=True, eq=False)
class _Holds(Predicate):
    """Does a fact hold any key? The template is the fact's name."""

    def known(self, held: Held) -> Predicate:
        # Of several nothing is left out: PostgreSQL takes as long to see whether there are any.
        return {0: NEVER, SEVERAL: self}.get(held[self.template], ALWAYS)

    def _written(self) -> str:
        return f"cardinality(:{self.template}) > 0"


def any_of(*conditions: str | Predicate) -> Predicate:
    """Is one of these true? With none, it never is."""
    return _joined("or", conditions)


def all_of(*conditions: str | Predicate) -> Predicate:
    """Are all of these true? With none, they always are."""
    return _joined("and", conditions)


def exists(rows: str, *conditions: str | Predicate, rest: str = "") -> Predicate:
    """Is there a row of which all of these are true?

    Args:
        rows: What stands between FROM and WHERE.
        conditions: What it must meet.
        rest: What stands behind WHERE.
    """
    return _Exists(f"{rows} where {{0}}{rest}", (all_of(*conditions),))


def among(key: str, fact: str) -> Predicate:
    """Is the key that the SQL `key` names one that the fact of that name holds about the asker?"""
    return _Among(key, fact=fact)


def holds(fact: str) -> Predicate:
    """Does the list of that name hold any key? It spares people without one whatever is asked beside it."""
    return _Holds(fact)


def _joined(word: Literal["or", "and"], conditions: Sequence[str | Predicate]) -> Predicate:
    parts = tuple(Predicate(each) if isinstance(each, str) else each for each in conditions)
    return parts[0] if len(parts) == 1 else _Junction("", parts, word)


NEVER: Final[Predicate] = any_of()
"""What is true of no row."""
ALWAYS: Final[Predicate] = all_of()
"""What is true of every row."""
