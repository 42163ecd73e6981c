"""A condition on one row and on the actor, written once: for queries, rules and the reading of the graph.

It is a tree, so it can be simplified for actors who lack some facts, and one of its parts can be replaced by another
form where that is faster.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from domain.sql import FactCounts, Sql
from domain.standing import FACTS, MANY


@dataclass(frozen=True, eq=False)
class Predicate(Sql):
    """SQL that is true or false of a row."""

    def simplified(self, counts: FactCounts) -> "Predicate":
        """The condition for actors whose facts hold so many keys, without what is never true of them."""
        return replace(self, parts=tuple(part.simplified(counts) for part in self.parts))

    def __or__(self, other: "Predicate") -> "Predicate":
        return any_of(self, other)

    def __and__(self, other: "Predicate") -> "Predicate":
        return all_of(self, other)


@dataclass(frozen=True, eq=False)
class NamedPredicate(Predicate):
    """A condition that is recognised by its class, so that pages can replace it by another form.

    The template is the SQL of the key that the condition is about.
    """

    @property
    @abstractmethod
    def expansion(self) -> Predicate:
        """The condition as it is checked of one row."""

    def simplified(self, counts: FactCounts) -> Predicate:
        """The expansion, simplified."""
        return self.expansion.simplified(counts)

    def _render(self) -> str:
        return self.expansion.text


@dataclass(frozen=True, eq=False)
class _Junction(Predicate):
    """The parts joined by an operator: with `or` one of them must be true, with `and` all of them."""

    operator: Literal["or", "and"] = "and"

    def simplified(self, counts: FactCounts) -> Predicate:
        absorbing, neutral = (ALWAYS, NEVER) if self.operator == "or" else (NEVER, ALWAYS)
        parts = [part.simplified(counts) for part in self.parts]
        return absorbing if absorbing in parts else _join(self.operator, [part for part in parts if part != neutral])

    def _render(self) -> str:
        if self.operator == "or":
            return " or ".join(part.text for part in self.parts) or "false"
        return " and ".join(f"({part.text})" for part in self.parts) or "true"


@dataclass(frozen=True, eq=False)
class _Exists(Predicate):
    """Is there such a row? The template is what follows `exists (select from`, with the condition as its part."""

    def simplified(self, counts: FactCounts) -> Predicate:
        [condition] = (part.simplified(counts) for part in self.parts)
        return NEVER if condition == NEVER else replace(self, parts=(condition,))

    def _render(self) -> str:
        return f"exists (select from {super()._render()})"


@dataclass(frozen=True, eq=False)
class _Among(Predicate):
    """Is the key, which is the template, the one that a fact holds or one of several?"""

    fact: str = ""

    def simplified(self, counts: FactCounts) -> Predicate:
        return self if counts[self.fact] else NEVER

    def _render(self) -> str:
        fact = f":{self.fact}"
        return f"{self.template} = " + (f"any({fact})" if FACTS[self.fact] == "bigint[]" else fact)


@dataclass(frozen=True, eq=False)
class _Holds(Predicate):
    """Does the fact, whose name is the template, hold any key?"""

    def simplified(self, counts: FactCounts) -> Predicate:
        # With many keys the check is kept, since it costs PostgreSQL nothing.
        return {0: NEVER, MANY: self}.get(counts[self.template], ALWAYS)

    def _render(self) -> str:
        return f"cardinality(:{self.template}) > 0"


def any_of(*conditions: str | Predicate) -> Predicate:
    """Is one of these true? With none, it never is."""
    return _join("or", conditions)


def all_of(*conditions: str | Predicate) -> Predicate:
    """Are all of these true? With none, they always are."""
    return _join("and", conditions)


def exists(rows: str, *conditions: str | Predicate, rest: str = "") -> Predicate:
    """Is there a row of which all of these are true?

    Args:
        rows: The SQL between FROM and WHERE.
        conditions: The conditions that the row must meet.
        rest: The SQL after the conditions.
    """
    return _Exists(f"{rows} where {{0}}{rest}", (all_of(*conditions),))


def among(key: str, fact: str) -> Predicate:
    """Is the key that the SQL `key` names one of those that the fact of that name holds about the actor?"""
    return _Among(key, fact=fact)


def holds(fact: str) -> Predicate:
    """Does the fact of that name hold any key? Actors without one are spared the conditions beside it."""
    return _Holds(fact)


def _join(operator: Literal["or", "and"], conditions: Sequence[str | Predicate]) -> Predicate:
    parts = tuple(Predicate(each) if isinstance(each, str) else each for each in conditions)
    return parts[0] if len(parts) == 1 else _Junction("", parts, operator)


NEVER: Final[Predicate] = any_of()
"""What is true of no row."""
ALWAYS: Final[Predicate] = all_of()
"""What is true of every row."""
