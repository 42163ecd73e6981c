"""Conditions compare keys with facts by `among` only, so that the engine can omit what a viewer lacks."""

import re
from collections.abc import Iterator

from domain import visibility
from domain.policies.abilities import POLICIES
from domain.predicate import NamedPredicate, Predicate
from domain.sql import Sql
from domain.standing import FACTS

KEY = re.compile(rf"= (any\()?:({'|'.join(FACTS)})\b")
"""A comparison of a key with a fact, written as text."""


def test_keys_are_compared_with_facts_by_among_only():
    conditions = [value for name in visibility.__all__ if isinstance(value := getattr(visibility, name), Predicate)]
    conditions += [policy for policies in POLICIES.values() for policy in policies.values()]

    assert len(conditions) > len(POLICIES)
    assert [part.text for condition in conditions for part in parts_of(condition) if KEY.search(part.template)] == []


def parts_of(condition: Sql) -> Iterator[Sql]:
    """The condition and all its parts, recursively; a named one's are those of its expansion."""
    yield condition
    for part in condition.expansion.parts if isinstance(condition, NamedPredicate) else condition.parts:
        yield from parts_of(part)
