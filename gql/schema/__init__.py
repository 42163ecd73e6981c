"""The schema, put together."""

from typing import Final

import strawberry
from graphql import GraphQLError
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from gql.limits.extension import OperationLimits
from gql.reading.direct import answer_directly
from gql.reading.nullability import check_nullability
from gql.reading.sources import SOURCES
from gql.schema.mutation import Mutation
from gql.schema.query import Query
from gql.schema.scalars import SCALARS
from gql.schema.user_error import AlreadyDecidedError, FieldError, InactiveGroupError, StaleVersionError

KNOWN_DOCUMENTS: Final = 256
"""How many of the documents asked last are kept as they were parsed and validated."""


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
    # The limits come first: they bound the text before it is parsed, and weigh it when it was found valid.
    extensions=[OperationLimits, lambda: ParserCache(KNOWN_DOCUMENTS), lambda: ValidationCache(KNOWN_DOCUMENTS)],
    config=StrawberryConfig(scalar_map=SCALARS),
)
"""The API. `gql/schema.graphql` is its published text."""

check_nullability(SOURCES.values())
answer_directly(schema._schema)  # noqa: SLF001  # Strawberry shows the schema of graphql-core in no other way
