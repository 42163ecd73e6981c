"""How rules ask for facts: so that the engine can leave out what people lack."""

import re
from collections.abc import Iterator

from domain import visibility
from domain.policies.abilities import POLICIES
from domain.predicate import Predicate
from domain.sql import Sql
from domain.standing import FACTS

KEY = re.compile(rf"= (any\()?:({'|'.join(FACTS)})\b")
"""A key that is compared with a fact in a text."""


def test_keys_are_compared_with_facts_by_among_alone():
    rules = [rule for name in visibility.__all__ if isinstance(rule := getattr(visibility, name), Predicate)]
    rules += [policy for policies in POLICIES.values() for policy in policies.values()]

    assert len(rules) > len(POLICIES)
    assert [part.text for rule in rules for part in written(rule) if KEY.search(part.template)] == []


def written(rule: Sql) -> Iterator[Sql]:
    """The rule and all that stands in it."""
    yield rule
    for part in getattr(rule, "question", rule).parts:
        yield from written(part)
