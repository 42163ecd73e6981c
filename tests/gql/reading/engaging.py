"""The API with the engine engaged, in this process: asked as over HTTP, told who answered."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import orjson
import pytest

from domain.actor import Actor
from domain.database.read_queries import close_read_pool, open_read_pool, read_pool
from gql.context import Context
from gql.reading.engine.engine import Engine
from gql.schema import schema
from settings import settings
from tests.called import calls_of
from tests.gql.asking import REQUEST_ID

CONNECTIONS = 2


@dataclass(frozen=True)
class Answered:
    """The data, and why the ordinary executor gave it; None where the engine did."""

    data: Any
    fallback: str | None


@asynccontextmanager
async def engaging() -> AsyncIterator[None]:
    """The engine reads the open database while the block lasts."""
    await open_read_pool(str(settings().database_url), CONNECTIONS)
    try:
        yield
    finally:
        await close_read_pool()


@pytest.fixture
async def engaged() -> AsyncIterator[None]:
    """The engine reads the open database; request the fixture that opens it first."""
    async with engaging():
        yield


async def answered(actor: Actor, document: str, **variables: Any) -> Answered:
    """The answer to one operation, without errors."""
    context = Context(actor=actor, language="nl", request_id=REQUEST_ID)
    result = await schema.execute(
        document, variable_values=variables, context_value=context, operation_extensions={"reading": True}
    )
    assert result.errors is None
    assert result.extensions
    data = result.data
    # The engine's answer is JSON already.
    told = data if data is None or isinstance(data, dict) else orjson.loads(orjson.dumps(data))
    return Answered(told, result.extensions["reading"]["fallback"])


async def compiled(actor: Actor, document: str, **variables: Any) -> Any:
    """The data as the engine gives it, which compiles what it sees for the second time."""
    await answered(actor, document, **variables)
    answer = await answered(actor, document, **variables)
    assert answer.fallback is None, answer.fallback
    return answer.data


def questions() -> AbstractContextManager[list[tuple[Any, ...]]]:
    """Gathers every statement that goes over the connections for reading, with its values."""
    return calls_of(read_pool(), "fetchrow")


def break_plans(engine: Engine, text: str) -> None:
    """Has every plan of a document fail that the engine has made."""
    for (document, *_), operation in engine._plans._operations.items():
        for kept in operation.plans if document == text else ():
            kept.plan = replace(kept.plan, statement=f"{kept.plan.statement} where 1 / 0 = 1")
