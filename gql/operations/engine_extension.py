"""Execution by the reading engine, after an operation was parsed and validated and its cost computed."""

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


class EngineExtension(SchemaExtension):
    """Executes operations by the engine where it can; in development, reports to clients on request whether it did.

    Args:
        engine: The engine.
        cache_operation: Called with each operation that the engine answered, and each mutation.
    """

    def __init__(self, engine: Engine, cache_operation: Callable[[EngineRequest, Any], None]) -> None:
        super().__init__()
        self._engine = engine
        self._cache_operation = cache_operation
        self._result: EngineResult | None = None

    async def on_execute(self) -> AsyncIterator[None]:
        """Sets the engine's result, if it has one.

        Raises:
            QueryCanceledError: PostgreSQL cancelled the statement, because it took too long.
        """
        execution = self.execution_context
        if execution.query and execution.graphql_document and not execution.result:
            context = execution.context
            request = EngineRequest(
                execution.query,
                execution.graphql_document,
                operation_name(execution),
                execution.variables,
                context.actor,
                await context.loaders.standing(),
                context.language,
            )
            self._result = await self._engine.read(read_pool(), request)
            if self._result.data is not None:
                # The body is written by orjson, which takes JSON as it is.
                execution.result = ExecutionResult(data=orjson.Fragment(self._result.data))  # type: ignore[arg-type]
            if self._result.data is not None or self._result.fallback == OperationType.MUTATION.value:
                self._cache_operation(request, context)
        yield

    def get_results(self) -> dict[str, Any]:
        """The extension of the response that says whether the engine or the executor executed the operation."""
        if self._result is None:
            return {}
        return reading_response_extension(self.execution_context.operation_extensions, self._result.fallback)


def reading_response_extension(request_extensions: Mapping[str, Any] | None, fallback: str | None) -> dict[str, Any]:
    """The extension of a response, in development, to `{"extensions": {"reading": true}}`.

    Args:
        request_extensions: The request's extensions.
        fallback: Why the ordinary executor executed the operation; None if the engine did.
    """
    is_requested = bool((request_extensions or {}).get("reading"))
    return {"reading": {"fallback": fallback}} if is_requested and settings().environment == "demo" else {}
