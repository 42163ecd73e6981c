"""Random documents are answered by the engine, byte for byte, as the ordinary executor answers them."""

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
from gql.reading.engine.requests import EngineRequest
from gql.schema import schema
from tests.domain.naive.fixtures import RandomWorld
from tests.gql.asking import REQUEST_ID
from tests.gql.reading.random_documents import CORE, Material, Writer, without_times

PARTS = 8
DOCUMENTS = 64
"""In each part, on each of the random organisations; each is asked three times, with other values and by others."""
REMEMBERED = 50


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    """In every second part, few contracts and near rows are as many and as far as thousands are otherwise."""
    if part % 2:
        monkeypatch.setattr(opened_contracts, "FEW_LINKS", 1)
        monkeypatch.setattr(opened_contracts, "NEAR_LINKS", 1)
        monkeypatch.setattr(listings, "NEAR_ROWS", 2)


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> None:
    """No question is too long to go together with another one."""
    monkeypatch.setattr(batching, "MAX_DURATION", 60.0)


@pytest.mark.usefixtures("many", "together")
@pytest.mark.parametrize("part", range(PARTS))
async def test_random_documents_are_answered_alike(
    a_random_world: RandomWorld, pool: Any, material: Material, part: int
):
    comparing = Comparing(pool if part < PARTS // 2 else InCompany(pool), a_random_world.actors, material)

    for number in range(DOCUMENTS):
        await comparing.compare(Random(f"{part} {number}"))  # noqa: S311  # the same documents each time

    assert comparing.answered > DOCUMENTS, comparing.engine.counters.fallbacks


class InCompany:
    """Asks each question together with the last one in the same words.

    Args:
        pool: Connections of the engine.
    """

    def __init__(self, pool: Any) -> None:
        self._batching = BatchingPool(pool)
        self._last: dict[str, tuple[Any, ...]] = {}

    async def fetchrow(self, statement: str, *values: Any) -> Any:
        """The first row, which must be what the statement gives by itself."""
        last = self._last.get(statement, values)
        self._last[statement] = values
        before = self._batching.statements
        _, row = await gather(*(self._batching.fetchrow(statement, *one) for one in (last, values)))
        assert self._batching.statements == before + 1
        return row


class Comparing:
    """Asks both, and remembers the cursors that were met."""

    def __init__(self, pool: Any, actors: list[Actor], material: Material) -> None:
        self.engine = Engine(schema)
        self.pool = pool
        self.actors = actors
        self.material = material
        self.answered = 0

    async def compare(self, random: Random) -> None:
        """Asks a random document with three lots of values."""
        writer = Writer(random, self.material)
        document = writer.document()
        parsed = parse(document.text)
        if validate(CORE, parsed):
            return
        for variables in (document.variables, writer.again(), writer.again()):
            actor, language = random.choice(self.actors), random.choice(("nl", "en"))
            standing = await Standing.of(actor)
            await self.ask(EngineRequest(document.text, parsed, None, variables, actor, standing, language))

    async def ask(self, asked: EngineRequest) -> None:
        """Asks a valid document both ways."""
        told = await self.engine.read(self.pool, asked)
        if told.fallback == "first sight":
            told = await self.engine.read(self.pool, asked)
        context = Context(actor=asked.actor, language=asked.language, request_id=REQUEST_ID)
        # Without the limits, which weigh an operation before either is asked.
        executed = execute(CORE, asked.document, variable_values=dict(asked.variables or {}), context_value=context)
        ordinary = executed if isinstance(executed, ExecutionResult) else await executed
        self.same(told.data, told.fallback, ordinary, asked)

    def same(self, told: bytes | None, fallback: str | None, ordinary: ExecutionResult, asked: EngineRequest) -> None:
        """Compares the answers; the engine may only give up of itself where there is an error to be worded."""
        if told is None:
            assert ordinary.errors or not str(fallback).startswith("failed"), asked
            return
        assert ordinary.errors is None, asked
        assert without_times(told) == without_times(orjson.dumps(ordinary.data)), asked
        self.answered += 1
        self.remember(ordinary.data)

    def remember(self, told: Any) -> None:
        """Keeps cursors for documents to come."""
        for value in told.values() if isinstance(told, dict) else told:
            if isinstance(value, dict | list):
                self.remember(value)
            elif isinstance(value, str) and value.startswith("WyJ"):
                met = self.material.cursors.setdefault(json.loads(b64decode(value))[0], [])
                met[:] = [*met[-REMEMBERED:], value]
