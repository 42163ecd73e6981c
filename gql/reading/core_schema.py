"""The schema of graphql-core behind that of Strawberry."""

from graphql import GraphQLSchema
from strawberry.schema import BaseSchema


def core_schema(schema: BaseSchema) -> GraphQLSchema:
    """The schema of graphql-core behind one of Strawberry, which has no public attribute for it."""
    core: GraphQLSchema = schema._schema  # type: ignore[attr-defined]  # noqa: SLF001  # as above
    return core
