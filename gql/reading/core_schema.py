"""The schema as graphql-core knows it."""

from graphql import GraphQLSchema
from strawberry.schema import BaseSchema


def core_schema(schema: BaseSchema) -> GraphQLSchema:
    """The schema of graphql-core behind that of Strawberry, which shows it in no public way."""
    core: GraphQLSchema = schema._schema  # type: ignore[attr-defined]  # noqa: SLF001  # as above
    return core
