"""The schema: its roots, types and extensions, and how operations are executed."""

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
from gql.operations.engine_extension import EngineExtension
from gql.operations.fast_path import FastPath
from gql.operations.observation import ObservationExtension
from gql.operations.operation_cache import OperationRequest
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

DOCUMENT_CACHE_SIZE: Final = 256
"""How many parsed and validated documents are cached; the least recently used ones are evicted."""


class Schema(strawberry.Schema):
    """Strawberry's schema with the fast path, subscriptions in contexts of their own, and no logging of errors."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Does nothing: `gql.errors` masks and logs errors, and Strawberry's log would quote input values."""

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
        """Executes cached operations on the fast path, and everything else step by step."""
        if isinstance(context_value, Context):
            allows_mutation = allowed_operation_types is None or OperationType.MUTATION in allowed_operation_types
            request = OperationRequest(query, operation_name, variable_values, operation_extensions, allows_mutation)
            if result := await fast_path.execute(request, context_value):
                return result
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
        """Streams a subscription, in a context of its own; queries and mutations are only executed over HTTP."""
        del allowed_operation_types
        context = cast("Context", context_value)
        if isinstance(context, SubscriptionContext):
            context = context.fork()
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
    # The limits come before the caches: they bound the text before it is parsed, and compute its cost once it is valid.
    extensions=[
        ObservationExtension,
        PersistedDocuments,
        OperationLimits,
        lambda: ParserCache(DOCUMENT_CACHE_SIZE),
        lambda: ValidationCache(DOCUMENT_CACHE_SIZE),
        StreamErrors,
        lambda: EngineExtension(engine, fast_path.cache_operation),
    ],
    config=StrawberryConfig(scalar_map=SCALARS),
)
"""The API. `gql/schema.graphql` is its published text."""

engine: Final[Engine] = Engine(schema)
"""Executes queries with one statement, in place of the executor."""

schema.execution_context_class = payload_executor(engine)

fast_path: Final[FastPath] = FastPath(engine, schema.execution_context_class)
"""Executes cached operations."""

check_nullability(SOURCES.values())
install_input_converters(schema)
install_direct_resolvers(core_schema(schema))
require_streams(core_schema(schema))
