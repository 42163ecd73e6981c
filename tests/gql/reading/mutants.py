"""Every rule about who sees what, broken in the engine's reading, shows: `make mutants`.

A rule is broken by putting `true` or `false` in its place in the statements of the engine, one rule at a time. Then
somebody must get another answer about some row than the ordinary executor gives.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from graphql import execute, parse

from domain.actor import Actor
from domain.database import database
from domain.standing import FACT, FACTS, Standing
from gql.context import Context
from gql.reading.cache import Plans
from gql.reading.fallback import NotCompiled
from gql.reading.plan import Plan
from gql.reading.sources import SOURCES
from gql.schema import schema
from tests.domain.naive.fixtures import RandomWorld
from tests.gql.asking import REQUEST_ID
from tests.gql.declared import declared
from tests.gql.reading.random_documents import CORE, Material, without_times
from tests.gql.reading.whole_documents import whole_documents

SAME = {
    # Nobody who isn't signed in gets as far as the engine.
    ("Theme, ContractType", "true"),
    # These rows are reached through one that is seen on the same condition, and by no id.
    ("Routing", "true"),
    ("Session", "true"),
    # What is told of a language asks it once more.
    ("User.language", "true"),
}
"""Rules that nobody would miss where they stand, by what takes their place."""
BESIDE = (
    ("Organisation", "... on Organisation { groups(first: 100, filter: {}) { edges { node { id } } } }"),
    ("Organisation", "... on Organisation { groups(first: 100, filter: {active: false}) { edges { node { id } } } }"),
)
"""What else is asked of rows: lists whose filter would leave out what a rule does."""
EVERYTHING = Standing(1, 1, 1, [1], [1], [1], [1], [1], [1], [1])
"""Somebody who has every fact: a plan made for them asks each rule whole, whoever asks it then."""
BEFOREHAND = """update session set ended_at = clock_timestamp() where id % 3 = 0;
  update self_registration set email = 'someone@example.org';"""
"""What the random world has nothing of."""
SESSIONS = "{ viewer { sessions { id } } }"


@dataclass(frozen=True)
class Case:
    """A document about some rows, asked by somebody, and the right answer."""

    plan: Plan
    values: list[Any]
    actor: Actor
    standing: Standing
    right: bytes

    async def answer(self, pool: Any, statement: str) -> bytes | None:
        """The answer that a statement in place of the plan's gives; None when it gives none."""
        rows = await pool.fetchrow(statement, *self.plan.taken(self.standing, self.values))
        try:
            return without_times(orjson.dumps(self.plan.build(rows, self.values, self.actor)))
        except Exception:  # noqa: BLE001  # the ordinary executor would answer: the mutant shows
            return None


def rules() -> dict[str, str]:
    """The text of each rule, by the names of what it is about."""
    named: dict[str, list[str]] = defaultdict(list)
    for source in SOURCES.values():
        for kind, rule in (("", source.visible), (" in lists", source.listed)):
            if rule:
                named[rule.text].append(f"{source.name}{kind}")
        for field in declared(source):
            if field.guard:
                named[field.guard.text].append(f"{source.name}.{field.python_name}")
    return {", ".join(names): text for text, names in named.items()}


def broken(plan: Plan, rule: str, put: str) -> str:
    """The plan's statement with `put` wherever it asks the rule."""

    def place(match: re.Match[str]) -> str:
        given = plan.facts.given
        return f"${given.index(match[1]) + 1}::{FACTS[match[1]]}" if match[1] in given else match[0]

    asked = re.escape(FACT.sub(place, f"({rule})"))
    told = re.sub(asked.replace(re.escape("{row}"), r"\w+"), f"({put})", plan.statement)
    # PostgreSQL asks of each value what it is, also of one that no rule names any more.
    given = ", ".join(f"${number}::{FACTS[name]}" for number, name in enumerate(plan.facts.given, 1))
    return told if told == plan.statement else f"with given__ as (select {given}), {told.removeprefix('with ')}"


async def cases(actors: list[Actor], material: Material) -> list[Case]:
    """Everyone asks for all of every row."""
    plans, asked = Plans(schema), [actor for actor in actors if actor.signed_in]
    beside = [(name, f"query Beside($ids: [ID!]!) {{ nodes(ids: $ids) {{ {told} }} }}") for name, told in BESIDE]
    about_rows = [
        await _case(plans, document, {"ids": ids}, actor)
        for name, document in (*whole_documents().items(), *beside)
        for ids in material.batches(name)
        for actor in asked
    ]
    return [*about_rows, *[await _case(plans, SESSIONS, {}, actor) for actor in asked]]


async def _case(plans: Plans, document: str, variables: dict[str, Any], actor: Actor) -> Case:
    key, parsed = (document, None, "nl"), parse(document)
    try:
        kept, values = plans.find(key, parsed, variables, EVERYTHING)
    except NotCompiled:
        kept, values = plans.find(key, parsed, variables, EVERYTHING)
    context = Context(actor=actor, language="nl", request_id=REQUEST_ID)
    result = await execute(CORE, parsed, variable_values=variables, context_value=context)
    assert result.errors is None, result.errors
    standing = await Standing.of(actor)
    return Case(kept.plan, values, actor, standing, without_times(orjson.dumps(result.data)))


async def is_caught(case_list: list[Case], pool: Any, rule: str, put: str) -> bool:
    """Does somebody get another answer?"""
    for case in case_list:
        statement = broken(case.plan, rule, put)
        if statement != case.plan.statement and await case.answer(pool, statement) != case.right:
            return True
    return False


@pytest.mark.timeout(900)
async def test_every_broken_rule_shows(a_random_world: RandomWorld, pool: Any, material: Material):
    await database().execute_script(BEFOREHAND)
    everything = await cases(a_random_world.actors, material)
    for case in everything:
        assert await case.answer(pool, case.plan.statement) == case.right

    mutants = [(name, text, put) for name, text in rules().items() for put in ("true", "false")]
    survived = {(name, put) for name, text, put in mutants if not await is_caught(everything, pool, text, put)}

    print(f"\n{len(mutants) - len(survived)} of {len(mutants)} broken rules were caught by {len(everything)} answers.")  # noqa: T201  # what the target tells
    assert survived == SAME
