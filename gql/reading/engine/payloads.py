"""What a mutation gives is read by the engine, too: after the rule has committed, by one statement.

The same statement asks for the facts about the actor, which the act may have changed; what was read for other ones than
it finds is thrown away and read again.
"""

from typing import Any, ClassVar

import orjson
from graphql import GraphQLObjectType, GraphQLResolveInfo, OperationType
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from tortoise.models import Model

from domain.database.read_queries import read_pool
from domain.standing import Standing
from gql.reading.engine.cache import AskedRow
from gql.reading.engine.run import Engine
from gql.reading.sources import Whole, source_of


class Executing(StrawberryGraphQLCoreExecutionContext):
    """The executor of GraphQL, which asks the engine for the rows in payloads before it asks their fields."""

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
        """The object that is asked for, or an awaitable of it."""
        ordinarily = super().complete_object_value
        arguments = return_type, field_details_list, info, path, result, position_context
        if read_pool() is None or not self._in_payload(path) or not isinstance(result, Model | Whole):
            return ordinarily(*arguments)

        async def read() -> Any:
            source, nodes = source_of(result), [each.node for each in field_details_list]
            fragments, language = self.fragment_definitions, self.context_value.language
            data = await self._by_engine(AskedRow(source.name, source.key(result), nodes, fragments, language))
            if data is not None:
                # The body is written by orjson, which takes JSON as it is.
                return orjson.Fragment(data)
            found = ordinarily(*arguments)
            return await found if self.is_awaitable(found) else found

        return read()

    async def _by_engine(self, asked: AskedRow) -> bytes | None:
        """The engine's answer, for the facts about the actor as they are after the act."""
        actor, loaders = self.context_value.actor, self.context_value.loaders
        arguments, presumed = (read_pool(), asked, self.variable_values, actor), loaders.presumed
        if presumed is not None:
            # Hardly any act changes what the actor may do: the facts of before, which the same statement checks.
            data, found = await self.engine.read_row(*arguments, presumed, Standing.query_for(actor))
            if found is None:
                return None
            loaders.know(Standing.from_row(found))
            if presumed == await loaders.standing():
                return data
        data, _ = await self.engine.read_row(*arguments, await loaders.standing())
        return data

    def _in_payload(self, path: Path) -> bool:
        """Is it the object of a payload: a field of a field of Mutation?"""
        above = path.prev
        return above is not None and above.prev is None and self.operation.operation is OperationType.MUTATION


def executor(engine: Engine) -> type[Executing]:
    """The executor that asks this engine."""

    class Engaged(Executing):
        """Asks it."""

    Engaged.engine = engine
    return Engaged
