"""Reading of the rows in the payloads of mutations by the engine: after the rule has committed, by one statement each.

The same statement returns the current facts about the actor, which the mutation may have changed. If they differ from
those that it was executed with, its result is discarded and the row is read again.
"""

from typing import Any, ClassVar

import orjson
from graphql import GraphQLObjectType, GraphQLResolveInfo, OperationType
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from tortoise.models import Model

from domain.database.read_queries import read_pool
from domain.standing import Standing
from gql.reading.engine.engine import Engine
from gql.reading.engine.requests import RowRequest
from gql.reading.sources import CompleteRecord, source_of


class PayloadExecutor(StrawberryGraphQLCoreExecutionContext):
    """The executor, except that the engine reads the rows in payloads where it can."""

    engine: ClassVar[Engine]

    def complete_object_value(  # graphql-core's own signature
        self,
        return_type: GraphQLObjectType,
        field_details_list: Any,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """The completed object, or an awaitable of it."""
        complete = super().complete_object_value
        arguments = return_type, field_details_list, info, path, result, position_context
        if read_pool() is None or not self._in_payload(path) or not isinstance(result, Model | CompleteRecord):
            return complete(*arguments)

        async def read() -> Any:
            source, nodes = source_of(result), [each.node for each in field_details_list]
            fragments, language = self.fragment_definitions, self.context_value.language
            request = RowRequest(source.name, source.key(result), nodes, fragments, language)
            data = await self._read_by_engine(request)
            if data is not None:
                # The body is written by orjson, which takes JSON as it is.
                return orjson.Fragment(data)
            completed = complete(*arguments)
            return await completed if self.is_awaitable(completed) else completed

        return read()

    async def _read_by_engine(self, request: RowRequest) -> bytes | None:
        """The JSON of the row, for the actor's facts after the mutation; None if the executor must read it."""
        actor, loaders = self.context_value.actor, self.context_value.loaders
        arguments, cached = (read_pool(), request, self.variable_values, actor), loaders.cached_standing
        if cached is not None:
            # Few mutations change the facts about the actor, so those from before are tried first.
            data, row = await self.engine.read_row(*arguments, cached, Standing.query_for(actor))
            if row is None:
                return None
            loaders.set_standing(Standing.from_row(row))
            if cached == await loaders.standing():
                return data
        data, _ = await self.engine.read_row(*arguments, await loaders.standing())
        return data

    def _in_payload(self, path: Path) -> bool:
        """Is it an object in a payload: the value of a field of a field of Mutation?"""
        payload = path.prev
        return payload is not None and payload.prev is None and self.operation.operation is OperationType.MUTATION


def payload_executor(engine: Engine) -> type[PayloadExecutor]:
    """The class of executors that use this engine."""

    class EnginePayloadExecutor(PayloadExecutor):
        """The executor with the engine of the schema; the library instantiates it for each operation."""

    EnginePayloadExecutor.engine = engine
    return EnginePayloadExecutor
