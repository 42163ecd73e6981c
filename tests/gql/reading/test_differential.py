"""Differential test: engine and ordinary executor give the same bytes for random documents."""

import json
from asyncio import gather
from base64 import b64decode
from random import Random
from typing import Any

import orjson
import pytest
from graphql import ExecutionResult, execute, parse, validate

from domain.actor import Actor
from domain.database import batching
from domain.database.batching import BatchingPool
from domain.standing import Standing
from gql.context import Context
from gql.reading import listings
from gql.reading.engine import opened_contracts
from gql.reading.engine.engine import Engine
from gql.reading.engine.requests import EngineRequest, EngineResult
from gql.schema import schema
from tests.domain.naive.fixtures import RandomWorld
from tests.gql.execution import REQUEST_ID
from tests.gql.reading.random_documents import CORE, DocumentGenerator, KnownValues, without_times

SHARDS = 8
DOCUMENTS = 64
"""In each shard, on each of the random organisations; each is executed three times, with other variables and actors."""
MAX_CURSORS = 50


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch, shard: int) -> None:
    """In every second shard, the thresholds for many contracts and far rows are low."""
    if shard % 2:
        monkeypatch.setattr(opened_contracts, "FEW_LINKS", 1)
        monkeypatch.setattr(opened_contracts, "NEAR_LINKS", 1)
        monkeypatch.setattr(listings, "NEAR_ROWS", 2)


@pytest.fixture
def always_batched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement counts as fast enough to be batched."""
    monkeypatch.setattr(batching, "MAX_DURATION", 60.0)


@pytest.mark.usefixtures("small_limits", "always_batched")
@pytest.mark.parametrize("shard", range(SHARDS))
async def test_engine_and_executor_agree_on_random_documents(
    a_random_world: RandomWorld, pool: Any, known_values: KnownValues, shard: int
):
    comparison = Comparison(pool if shard < SHARDS // 2 else PairingPool(pool), a_random_world.actors, known_values)

    for number in range(DOCUMENTS):
        await comparison.compare(Random(f"{shard} {number}"))  # noqa: S311  # the same documents each time

    assert comparison.answered > DOCUMENTS, comparison.engine.counters.fallbacks


class PairingPool:
    """Batches each query with the last one of the same statement.

    Args:
        pool: The engine's connections.
    """

    def __init__(self, pool: Any) -> None:
        self._batching = BatchingPool(pool)
        self._last: dict[str, tuple[Any, ...]] = {}

    async def fetchrow(self, statement: str, *parameters: Any) -> Any:
        """The first row, from a batch with the query before."""
        last_parameters = self._last.get(statement, parameters)
        self._last[statement] = parameters
        before = self._batching.statements
        _, row = await gather(
            *(self._batching.fetchrow(statement, *values) for values in (last_parameters, parameters))
        )
        assert self._batching.statements == before + 1
        return row


class Comparison:
    """Executes operations both ways, and collects the cursors in their data."""

    def __init__(self, pool: Any, actors: list[Actor], known_values: KnownValues) -> None:
        self.engine = Engine(schema)
        self.pool = pool
        self.actors = actors
        self.known_values = known_values
        self.answered = 0

    async def compare(self, random: Random) -> None:
        """Executes a random document with three sets of variables."""
        generator = DocumentGenerator(random, self.known_values)
        document = generator.document()
        parsed = parse(document.text)
        if validate(CORE, parsed):
            return
        for variables in (document.variables, generator.new_variables(), generator.new_variables()):
            actor, language = random.choice(self.actors), random.choice(("nl", "en"))
            standing = await Standing.of(actor)
            await self.execute(EngineRequest(document.text, parsed, None, variables, actor, standing, language))

    async def execute(self, request: EngineRequest) -> None:
        """Executes a valid document both ways, and compares the data."""
        result = await self.engine.read(self.pool, request)
        if result.fallback == "first sight":
            result = await self.engine.read(self.pool, request)
        context = Context(actor=request.actor, language=request.language, request_id=REQUEST_ID)
        # Without the limits, which are checked before either.
        execution = execute(
            CORE, request.document, variable_values=dict(request.variables or {}), context_value=context
        )
        ordinary = execution if isinstance(execution, ExecutionResult) else await execution
        self.require_same(result, ordinary, request)

    def require_same(self, result: EngineResult, ordinary: ExecutionResult, request: EngineRequest) -> None:
        """Requires the same data; the engine's plan may only fail where the executor reports an error."""
        if result.data is None:
            assert ordinary.errors or not str(result.fallback).startswith("failed"), request
            return
        assert ordinary.errors is None, request
        assert without_times(result.data) == without_times(orjson.dumps(ordinary.data)), request
        self.answered += 1
        self.collect_cursors(ordinary.data)

    def collect_cursors(self, data: Any) -> None:
        """Collects the cursors in the data for later documents."""
        for value in data.values() if isinstance(data, dict) else data:
            if isinstance(value, dict | list):
                self.collect_cursors(value)
            elif isinstance(value, str) and value.startswith("WyJ"):
                cursors = self.known_values.cursors.setdefault(json.loads(b64decode(value))[0], [])
                cursors[:] = [*cursors[-MAX_CURSORS:], value]
