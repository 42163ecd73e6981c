"""What a mutation gives is read by the engine, too: after the rule has committed, by one statement."""

from typing import Any

import orjson
from graphql import GraphQLObjectType, GraphQLResolveInfo, OperationType
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from tortoise.models import Model

from domain.reading import reading
from gql.reading.cache import AskedRow
from gql.reading.run import Engine
from gql.reading.sources import Whole, source_of


def executor(engine: Engine) -> type[StrawberryGraphQLCoreExecutionContext]:
    """The executor of GraphQL, which asks the engine for the rows in payloads before it asks their fields."""

    class Executing(StrawberryGraphQLCoreExecutionContext):
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
            given = return_type, field_details_list, info, path, result, position_context
            if reading() is None or not self._in_payload(path) or not isinstance(result, Model | Whole):
                return ordinarily(*given)

            async def read() -> Any:
                context = self.context_value
                source, nodes = source_of(result), [each.node for each in field_details_list]
                asked = AskedRow(source.name, source.key(result), nodes, self.fragment_definitions, context.language)
                standing = await context.loaders.standing()
                told = await engine.read_row(reading(), asked, self.variable_values, context.actor, standing)
                if told is not None:
                    # The body is written by orjson, which takes JSON as it is.
                    return orjson.Fragment(told)
                found = ordinarily(*given)
                return await found if self.is_awaitable(found) else found

            return read()

        def _in_payload(self, path: Path) -> bool:
            """Is it the object of a payload: a field of a field of Mutation?"""
            above = path.prev
            return above is not None and above.prev is None and self.operation.operation is OperationType.MUTATION

    return Executing
