"""The schema, put together."""

from collections.abc import Iterable
from typing import Any, Final, cast

import strawberry
from graphql import GraphQLError
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StreamResult
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType

from gql.context import Context
from gql.documents.extension import PersistedDocuments
from gql.inputs import install_input_converters
from gql.limits.extension import OperationLimits
from gql.live.context import SubscriptionContext
from gql.live.stream_errors import StreamErrors, with_request_errors
from gql.live.subscription_field import require_streams
from gql.operations.familiar import Familiar
from gql.operations.known import OperationRequest
from gql.operations.observation import Observed
from gql.operations.reading import Reading
from gql.reading.core_schema import core_schema
from gql.reading.direct_resolvers import install_direct_resolvers
from gql.reading.engine.engine import Engine
from gql.reading.engine.payloads import payload_executor
from gql.reading.nullability import check_nullability
from gql.reading.sources import SOURCES
from gql.schema.mutation import Mutation
from gql.schema.query import Query
from gql.schema.scalars import SCALARS
from gql.schema.subscription import Subscription
from gql.schema.user_error import AlreadyDecidedError, FieldError, InactiveGroupError, StaleVersionError

KNOWN_DOCUMENTS: Final = 256
"""How many of the documents asked last are kept as they were parsed and validated."""


class Schema(strawberry.Schema):
    """Leaves errors to the one place that formats, masks and logs them; Strawberry's log would quote what was given."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Says nothing."""

    async def execute(  # noqa: PLR0917  # Strawberry's own signature
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Answers what is familiar the short way, and everything else step by step."""
        if isinstance(context_value, Context):
            may_act = allowed_operation_types is None or OperationType.MUTATION in allowed_operation_types
            request = OperationRequest(query, operation_name, variable_values, operation_extensions, may_act)
            if answer := await familiar.answer(request, context_value):
                return answer
            await context_value.revalidate_actor()
        return await super().execute(
            query,
            variable_values,
            context_value,
            root_value,
            operation_name,
            allowed_operation_types,
            operation_extensions,
        )

    async def stream(  # noqa: PLR0917  # Strawberry's own signature
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        operation_extensions: dict[str, Any] | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
    ) -> StreamResult:
        """Streams a subscription, in a context of its own; what is answered once goes over HTTP."""
        del allowed_operation_types
        given = cast("Context", context_value)
        context = given.fork() if isinstance(given, SubscriptionContext) else given
        results = await super().stream(
            query,
            variable_values,
            context,
            root_value,
            operation_name,
            operation_extensions,
            (OperationType.SUBSCRIPTION,),
        )
        return with_request_errors(results, context)


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[
        *(source.declared_type for source in SOURCES.values()),
        AlreadyDecidedError,
        FieldError,
        InactiveGroupError,
        StaleVersionError,
    ],
    # The limits come first: they bound the text before it is parsed, and weigh it when it was found valid.
    extensions=[
        Observed,
        PersistedDocuments,
        OperationLimits,
        lambda: ParserCache(KNOWN_DOCUMENTS),
        lambda: ValidationCache(KNOWN_DOCUMENTS),
        StreamErrors,
        lambda: Reading(engine, familiar.remember),
    ],
    config=StrawberryConfig(scalar_map=SCALARS),
)
"""The API. `gql/schema.graphql` is its published text."""

engine: Final[Engine] = Engine(schema)
"""Answers what it can by one statement, in place of the executor."""

schema.execution_context_class = payload_executor(engine)

familiar: Final[Familiar] = Familiar(engine, schema.execution_context_class)
"""Answers again what was asked before and found good."""

check_nullability(SOURCES.values())
install_input_converters(schema)
install_direct_resolvers(core_schema(schema))
require_streams(core_schema(schema))
