"""Where the reading engine comes in: after an operation was parsed, found valid and weighed, before it is executed."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import orjson
from graphql import ExecutionResult, OperationType
from strawberry.extensions import SchemaExtension

from domain.database.read_queries import read_pool
from gql.operations.execution_context import operation_name
from gql.reading.engine.engine import Engine
from gql.reading.engine.requests import EngineRequest, EngineResult
from settings import settings


class Reading(SchemaExtension):
    """Has the engine answer in place of the executor; which one did shows only to whoever asks, in development.

    Args:
        engine: The engine.
        remember: Called with each operation that the engine answered, and each mutation: what is to be familiar.
    """

    def __init__(self, engine: Engine, remember: Callable[[EngineRequest, Any], None]) -> None:
        super().__init__()
        self._engine = engine
        self._remember = remember
        self._answer: EngineResult | None = None

    async def on_execute(self) -> AsyncIterator[None]:
        """Gives the answer, if the engine has one.

        Raises:
            QueryCanceledError: It took too long.
        """
        execution = self.execution_context
        if execution.query and execution.graphql_document and not execution.result:
            context = execution.context
            asked = EngineRequest(
                execution.query,
                execution.graphql_document,
                operation_name(execution),
                execution.variables,
                context.actor,
                await context.loaders.standing(),
                context.language,
            )
            self._answer = await self._engine.read(read_pool(), asked)
            if self._answer.data is not None:
                # The body is written by orjson, which takes JSON as it is.
                execution.result = ExecutionResult(data=orjson.Fragment(self._answer.data))  # type: ignore[arg-type]
            if self._answer.data is not None or self._answer.fallback == OperationType.MUTATION.value:
                self._remember(asked, context)
        yield

    def get_results(self) -> dict[str, Any]:
        """Why the ordinary executor answered, or null where the engine did."""
        if self._answer is None:
            return {}
        return reading_extension(self.execution_context.operation_extensions, self._answer.fallback)


def reading_extension(asked: Mapping[str, Any] | None, fallback: str | None) -> dict[str, Any]:
    """What a response's `extensions` tell in development to `{"extensions": {"reading": true}}`.

    Args:
        asked: The request's extensions.
        fallback: Why the ordinary executor answered; None where the engine did.
    """
    wanted = bool((asked or {}).get("reading")) and settings().environment == "demo"
    return {"reading": {"fallback": fallback}} if wanted else {}
