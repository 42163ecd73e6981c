"""Random documents are answered by the engine, byte for byte, as the ordinary executor answers them."""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import orjson
import pytest
from graphql import ExecutionResult, execute, parse, validate

from domain.actor import Actor
from domain.database import database
from gql.context import Context
from gql.reading.pool import open_pool
from gql.reading.run import Asked, Engine
from gql.reading.sources import SOURCES
from gql.schema import schema
from settings import settings
from tests.domain.naive.fixtures import RandomWorld
from tests.gql.asking import REQUEST_ID
from tests.gql.reading.random_documents import CORE, Material, Writer

PARTS = 8
DOCUMENTS = 64
"""In each part, on each of the random organisations; each is asked three times, with other values and by others."""


@pytest.fixture
async def pool(a_random_world: RandomWorld) -> AsyncIterator[Any]:
    assert a_random_world
    opened = await open_pool(str(settings().database_url), 2)
    yield opened
    await opened.close()


@pytest.mark.parametrize("part", range(PARTS))
async def test_random_documents_are_answered_alike(a_random_world: RandomWorld, pool: Any, part: int):
    comparing = Comparing(pool, a_random_world.actors, await material())

    for number in range(DOCUMENTS):
        await comparing.compare(Random(f"{part} {number}"))  # noqa: S311  # the same documents each time

    assert comparing.answered > DOCUMENTS, comparing.engine.fallbacks.reasons


async def material() -> Material:
    """What there is to name in the database."""
    keys = {}
    for source in SOURCES.values():
        if source.is_node and source.model is not None:
            rows = await database().execute_query_dict(f"select id from {source.table} order by id limit 300")
            if rows:
                keys[source.name] = [row["id"] for row in rows]
    numbers = await database().execute_query_dict("select enterprise_number from organisation order by id")
    return Material(keys, [row["enterprise_number"] for row in numbers])


class Comparing:
    """Asks both, and remembers the cursors that were met."""

    def __init__(self, pool: Any, actors: list[Actor], named: Material) -> None:
        self.engine = Engine(schema)
        self.pool = pool
        self.actors = actors
        self.material = named
        self.answered = 0
        self.seen: Counter[str] = Counter()

    async def compare(self, random: Random) -> None:
        writer = Writer(random, self.material)
        document = writer.document()
        parsed = parse(document.text)
        if validate(CORE, parsed):
            return
        for variables in (document.variables, writer.again(), writer.again()):
            actor, language = random.choice(self.actors), random.choice(("nl", "en"))
            for _ in range(2):
                # The second time it is compiled.
                told = await self.engine.read(self.pool, Asked(document.text, parsed, None, variables, actor, language))
            context = Context(actor=actor, language=language, request_id=REQUEST_ID)
            # Without the limits, which weigh an operation before either is asked.
            ordinary = await execute(CORE, parsed, variable_values=variables, context_value=context)
            self.same(told.data, ordinary, (document.text, variables, actor))

    def same(self, told: bytes | None, ordinary: ExecutionResult, asked: object) -> None:
        if told is None:
            # It may only give up of itself where there is an error to be worded.
            failed = any(reason.startswith("failed") for reason in self.engine.fallbacks.reasons)
            assert ordinary.errors or not failed, asked
            return
        assert ordinary.errors is None, asked
        assert told == orjson.dumps(ordinary.data), asked
        self.answered += 1
        self.remember(ordinary.data)

    def remember(self, told: Any) -> None:
        for value in told.values() if isinstance(told, dict) else told:
            if isinstance(value, dict | list):
                self.remember(value)
            elif isinstance(value, str) and value.startswith("WyJ"):
                met = self.material.cursors.setdefault(json.loads(b64decode(value))[0], [])
                met[:] = [*met[-50:], value]
