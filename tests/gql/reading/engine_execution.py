"""Executes operations in this process with the engine enabled, and reports whether the engine answered."""

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
from tests.gql.execution import REQUEST_ID
from tests.recorded_calls import recorded_calls

CONNECTIONS = 2


@dataclass(frozen=True)
class Execution:
    """The data, and why the engine fell back to the ordinary executor; None if it didn't."""

    data: Any
    fallback: str | None


@asynccontextmanager
async def enable_engine() -> AsyncIterator[None]:
    """Opens the engine's connections to the open database while the block lasts."""
    await open_read_pool(str(settings().database_url), CONNECTIONS)
    try:
        yield
    finally:
        await close_read_pool()


@pytest.fixture
async def enabled_engine() -> AsyncIterator[None]:
    """Opens the engine's connections; request the fixture that opens the database first."""
    async with enable_engine():
        yield


async def execute(actor: Actor, document: str, **variables: Any) -> Execution:
    """Executes an operation, which must have no errors."""
    context = Context(actor=actor, language="nl", request_id=REQUEST_ID)
    result = await schema.execute(
        document, variable_values=variables, context_value=context, operation_extensions={"reading": True}
    )
    assert result.errors is None
    assert result.extensions
    data = result.data
    # The engine's data is JSON already.
    parsed = data if data is None or isinstance(data, dict) else orjson.loads(orjson.dumps(data))
    return Execution(parsed, result.extensions["reading"]["fallback"])


async def execute_compiled(actor: Actor, document: str, **variables: Any) -> Any:
    """Executes an operation twice, so that it is compiled, and returns the engine's data."""
    await execute(actor, document, **variables)
    execution = await execute(actor, document, **variables)
    assert execution.fallback is None, execution.fallback
    return execution.data


def recorded_statements() -> AbstractContextManager[list[tuple[Any, ...]]]:
    """Records every statement that is sent over the engine's connections, with its parameters."""
    return recorded_calls(read_pool(), "fetchrow")


def break_plans(engine: Engine, text: str) -> None:
    """Makes every cached plan of a document fail."""
    for (document, *_), operation in engine._plans._operations.items():
        for entry in operation.plans if document == text else ():
            entry.plan = replace(entry.plan, statement=f"{entry.plan.statement} where 1 / 0 = 1")
