"""The schema, put together."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from gql.reading.sources import SOURCES
from gql.schema.mutation import Mutation
from gql.schema.query import Query
from gql.schema.scalars import SCALARS
from gql.schema.user_error import FieldError, InactiveGroupError, StaleVersionError

schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    types=[*(source.declared for source in SOURCES.values()), FieldError, InactiveGroupError, StaleVersionError],
    config=StrawberryConfig(scalar_map=SCALARS),
)
"""The API. `gql/schema.graphql` is its published text."""
