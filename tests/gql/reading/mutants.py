"""Mutation tests of the visibility rules in the engine's statements: `make mutants`, in minutes.

Each mutant replaces one rule by `true` or `false` in the statements of the engine. It is caught when the data about
some row differ, for some actor, from those of the ordinary executor.
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
from tests.gql.declared_fields import declared_fields
from tests.gql.execution import REQUEST_ID
from tests.gql.reading.random_documents import CORE, KnownValues, without_times
from tests.gql.reading.whole_documents import EVERYTHING, whole_documents

SURVIVORS = {
    # The engine executes nothing for an anonymous viewer.
    ("Theme, ContractType", "true"),
    # Such a row has no id, and is reached only through one that is visible on the same condition.
    ("Routing", "true"),
    # The value of the language checks it once more.
    ("User.language", "true"),
}
"""The mutants that change no data, because the rule is redundant where it stands."""
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
    """A document about some rows, executed for an actor, and the expected data."""

    plan: Plan
    values: list[Any]
    actor: Actor
    standing: Standing
    expected: bytes

    async def execute(self, pool: Any, statement: str) -> bytes | None:
        """The data of a statement in place of the plan's; None if it fails."""
        rows = await pool.fetchrow(statement, *self.plan.parameters(self.standing, self.values))
        try:
            return without_times(orjson.dumps(self.plan.build(rows, self.values, self.actor)))
        except Exception:  # noqa: BLE001  # the engine would fall back: the mutant is caught
            return None


def rules() -> dict[str, str]:
    """The text of each rule, by the names of the types and fields that it is about."""
    names_by_text: dict[str, list[str]] = defaultdict(list)
    for source in SOURCES.values():
        for kind, rule in (("", source.visible), (" in lists", source.listed)):
            if rule:
                names_by_text[rule.text].append(f"{source.name}{kind}")
        for field in declared_fields(source):
            if field.guard:
                names_by_text[field.guard.text].append(f"{source.name}.{field.python_name}")
    return {", ".join(names): text for text, names in names_by_text.items()}


def mutated(plan: Plan, rule: str, replacement: str) -> str:
    """The plan's statement with `replacement` in place of the rule, wherever it stands."""

    def parameter(match: re.Match[str]) -> str:
        facts = plan.facts.names
        return f"${facts.index(match[1]) + 1}::{FACTS[match[1]]}" if match[1] in facts else match[0]

    # A condition on the column that joins a row to its owner is checked on the owner.
    pattern = COLUMN.sub(r"\\w+\.\\w+", re.escape(FACT.sub(parameter, f"({rule})")))
    statement = re.sub(pattern, f"({replacement})", plan.statement)
    # PostgreSQL needs the type of each parameter, also of one that no rule uses any more.
    parameters = ", ".join(f"${number}::{FACTS[name]}" for number, name in enumerate(plan.facts.names, 1))
    if statement == plan.statement:
        return statement
    return f"with parameters__ as (select {parameters}), {statement.removeprefix('with ')}"


class CaseCache:
    """Executes the documents about every row of a world for every actor, each once, when a rule needs it."""

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
                        assert await self._cases[key].execute(pool, entry.plan.statement) == self._cases[key].expected
                    yield self._cases[key]

    def _plan(self, document: str, variables: dict[str, Any]) -> tuple[PlanEntry, list[Any]]:
        key, parsed = (document, None, "nl"), parse(document)
        try:
            return self._plans.find(key, parsed, variables, EVERYTHING)
        except Fallback:
            return self._plans.find(key, parsed, variables, EVERYTHING)


CASES: defaultdict[str, CaseCache] = defaultdict(CaseCache)
"""The cases of this process, by world: the rows are the same in each test."""


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
    execution = execute(CORE, parse(document), variable_values=variables, context_value=context)
    result = execution if isinstance(execution, ExecutionResult) else await execution
    assert result.errors is None, result.errors
    return Case(plan, values, actor, await Standing.of(actor), without_times(orjson.dumps(result.data)))


@pytest.mark.parametrize("replacement", ["true", "false"])
@pytest.mark.parametrize("rule", rules().items(), ids=rules())
async def test_a_mutant_is_caught(
    rule: tuple[str, str],
    replacement: str,
    a_random_world: RandomWorld,
    pool: Any,
    known_values: KnownValues,
    request: pytest.FixtureRequest,
):
    await database().execute_script(BEFOREHAND)
    subject, text = rule
    case_cache = CASES[request.node.callspec.params["a_random_world"]]

    caught = False
    async for case in case_cache.cases(a_random_world, known_values, pool, text):
        caught = await case.execute(pool, mutated(case.plan, text, replacement)) != case.expected
        if caught:
            break

    assert caught == ((subject, replacement) not in SURVIVORS)
