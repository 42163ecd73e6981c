"""Mutation tests of the visibility rules in the engine's statements: `make mutants`, in minutes.

Each mutant replaces one rule by `true` or `false` in the statements of the engine. It is caught when somebody gets
another answer about some row than the ordinary executor gives.
"""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from graphql import ExecutionResult, execute, parse

from domain.actor import Actor
from domain.database.connection import database
from domain.standing import FACT, FACTS, Standing
from gql.context import Context
from gql.reading.engine.cache_entries import PlanEntry
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.plan import Plan
from gql.reading.engine.plan_cache import PlanCache
from gql.reading.sources import SOURCES
from gql.schema import schema
from tests.domain.naive.fixtures import RandomWorld
from tests.gql.declared import declared
from tests.gql.execution import REQUEST_ID
from tests.gql.reading.random_documents import CORE, KnownValues, without_times
from tests.gql.reading.whole_documents import EVERYTHING, whole_documents

SURVIVORS = {
    # Nobody who isn't signed in gets as far as the engine.
    ("Theme, ContractType", "true"),
    # These rows are reached through one that is seen on the same condition, and by no id.
    ("Routing", "true"),
    # What is told of a language asks it once more.
    ("User.language", "true"),
}
"""The mutants that change no answer, because the rule is redundant where it stands."""
EXTRA_SELECTIONS = (
    ("Organisation", "... on Organisation { groups(first: 100, filter: {active: null}) { edges { node { id } } } }"),
    ("Organisation", "... on Organisation { groups(first: 100, filter: {active: false}) { edges { node { id } } } }"),
)
"""Further selections on rows: lists whose filter would leave out what a rule does."""
BEFOREHAND = """update session set ended_at = clock_timestamp() where id % 3 = 0;
  update self_registration set email = 'someone@example.org';"""
"""Adds what the random world lacks."""
COLUMN = re.compile(re.escape(re.escape("{row}.")) + r"\w+")
"""A row's column in a rule, as it stands in a pattern."""
SESSIONS = "{ viewer { sessions { id } } }"


@dataclass(frozen=True)
class Case:
    """A document about some rows, executed for somebody, and the right answer."""

    plan: Plan
    values: list[Any]
    actor: Actor
    standing: Standing
    expected: bytes

    async def answer(self, pool: Any, statement: str) -> bytes | None:
        """The answer that a statement in place of the plan's gives; None when it gives none."""
        rows = await pool.fetchrow(statement, *self.plan.parameters(self.standing, self.values))
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


def mutated(plan: Plan, rule: str, put: str) -> str:
    """The plan's statement with `put` in place of the rule, wherever it stands."""

    def place(match: re.Match[str]) -> str:
        given = plan.facts.names
        return f"${given.index(match[1]) + 1}::{FACTS[match[1]]}" if match[1] in given else match[0]

    # What is asked of the column that ties a row to its owner is asked of the owner.
    asked = COLUMN.sub(r"\\w+\.\\w+", re.escape(FACT.sub(place, f"({rule})")))
    told = re.sub(asked, f"({put})", plan.statement)
    # PostgreSQL asks of each value what it is, also of one that no rule names any more.
    given = ", ".join(f"${number}::{FACTS[name]}" for number, name in enumerate(plan.facts.names, 1))
    return told if told == plan.statement else f"with given__ as (select {given}), {told.removeprefix('with ')}"


class CaseCache:
    """Executes the documents about every row of a world for everyone, each when a rule needs it, and once."""

    def __init__(self) -> None:
        self._plans = PlanCache(schema)
        self._cases: dict[tuple[str, tuple[str, ...], Actor], Case] = {}

    async def cases(self, world: RandomWorld, known_values: KnownValues, pool: Any, rule: str) -> AsyncIterator[Case]:
        """The cases whose statement has the rule in it."""
        for document, variables in documents(known_values):
            entry, values = self._plan(document, variables)
            if mutated(entry.plan, rule, "true") == entry.plan.statement:
                continue
            for actor in world.actors:
                if actor.signed_in:
                    key = (document, tuple(variables.get("ids", ())), actor)
                    if key not in self._cases:
                        self._cases[key] = await _case(entry.plan, values, document, variables, actor)
                        assert await self._cases[key].answer(pool, entry.plan.statement) == self._cases[key].expected
                    yield self._cases[key]

    def _plan(self, document: str, variables: dict[str, Any]) -> tuple[PlanEntry, list[Any]]:
        key, parsed = (document, None, "nl"), parse(document)
        try:
            return self._plans.find(key, parsed, variables, EVERYTHING)
        except Fallback:
            return self._plans.find(key, parsed, variables, EVERYTHING)


CASES: defaultdict[str, CaseCache] = defaultdict(CaseCache)
"""The cases of this process, by the world: each test finds the same rows."""


def documents(known_values: KnownValues) -> Iterator[tuple[str, dict[str, Any]]]:
    """The documents, each with its variables."""
    extra = [
        (name, f"query Extra($ids: [ID!]!) {{ nodes(ids: $ids) {{ {selection} }} }}")
        for name, selection in EXTRA_SELECTIONS
    ]
    for name, document in (*whole_documents().items(), *extra):
        for ids in known_values.id_batches(name):
            yield document, {"ids": ids}
    yield SESSIONS, {}


async def _case(plan: Plan, values: list[Any], document: str, variables: dict[str, Any], actor: Actor) -> Case:
    context = Context(actor=actor, language="nl", request_id=REQUEST_ID)
    executed = execute(CORE, parse(document), variable_values=variables, context_value=context)
    result = executed if isinstance(executed, ExecutionResult) else await executed
    assert result.errors is None, result.errors
    return Case(plan, values, actor, await Standing.of(actor), without_times(orjson.dumps(result.data)))


@pytest.mark.parametrize("put", ["true", "false"])
@pytest.mark.parametrize("rule", rules().items(), ids=rules())
async def test_a_mutant_is_caught(
    rule: tuple[str, str],
    put: str,
    a_random_world: RandomWorld,
    pool: Any,
    known_values: KnownValues,
    request: pytest.FixtureRequest,
):
    await database().execute_script(BEFOREHAND)
    name, text = rule
    cached = CASES[request.node.callspec.params["a_random_world"]]

    caught = False
    async for case in cached.cases(a_random_world, known_values, pool, text):
        caught = await case.answer(pool, mutated(case.plan, text, put)) != case.expected
        if caught:
            break

    assert caught == ((name, put) not in SURVIVORS)
