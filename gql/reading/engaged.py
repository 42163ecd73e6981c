"""Where the engine comes in: after an operation was parsed, found valid and weighed, before it is executed."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
from graphql import ExecutionResult
from strawberry.extensions import SchemaExtension

from gql.reading.pool import reading
from gql.reading.run import Asked, Engine, Told
from settings import settings


class Reading(SchemaExtension):
    """Has the engine answer in place of the executor; which one did shows only to whoever asks, in development.

    Args:
        engine: The engine.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._told: Told | None = None

    async def on_execute(self) -> AsyncIterator[None]:
        """Gives the answer, if the engine has one.

        Raises:
            QueryCanceledError: It took too long.
        """
        given = self.execution_context
        if given.query and given.graphql_document and not given.result:
            context = given.context
            asked = Asked(
                given.query,
                given.graphql_document,
                given.operation_name,
                given.variables,
                context.actor,
                context.language,
            )
            self._told = await self._engine.read(reading(), asked)
            if self._told.data is not None:
                # The body is written by orjson, which takes JSON as it is.
                given.result = ExecutionResult(data=orjson.Fragment(self._told.data))  # type: ignore[arg-type]
        yield

    def get_results(self) -> dict[str, Any]:
        """Why the ordinary executor answered, or null where the engine did, for `{"extensions": {"reading": true}}`."""
        wanted = (self.execution_context.operation_extensions or {}).get("reading")
        if not wanted or self._told is None or settings().environment != "demo":
            return {}
        return {"reading": {"fallback": self._told.fallback}}
