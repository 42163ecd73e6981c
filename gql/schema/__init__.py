"""The schema, put together."""

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from gql.limits.extension import OperationLimits
from gql.reading.nullability import check_nullability
from gql.reading.sources import SOURCES
from gql.schema.mutation import Mutation
from gql.schema.query import Query
from gql.schema.scalars import SCALARS
from gql.schema.user_error import AlreadyDecidedError, FieldError, InactiveGroupError, StaleVersionError


class Schema(strawberry.Schema):
    """Leaves errors to the one place that formats, masks and logs them; Strawberry's log would quote what was given."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Says nothing."""


schema = Schema(
    query=Query,
    mutation=Mutation,
    types=[
        *(source.declared for source in SOURCES.values()),
        AlreadyDecidedError,
        FieldError,
        InactiveGroupError,
        StaleVersionError,
    ],
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=[OperationLimits],
)
"""The API. `gql/schema.graphql` is its published text."""

check_nullability(SOURCES.values())
