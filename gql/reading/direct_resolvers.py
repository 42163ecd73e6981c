"""Direct resolvers: the executor resolves declared fields without Strawberry's wrapper around each."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema

from gql.reading.fields import DeclaredField
from gql.reading.values import Column

Resolver = Callable[[Any, GraphQLResolveInfo[Any]], Any]


def install_direct_resolvers(schema: GraphQLSchema) -> None:
    """Gives every declared field without arguments a direct resolver.

    Strawberry's wrapper creates an `Info` and converts arguments before it calls the field; a field without arguments
    needs neither.
    """
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field in kind.fields.values():
                declared = field.extensions.get("strawberry-definition")
                if isinstance(declared, DeclaredField) and not field.args:
                    field.resolve = _resolver(declared)


def _resolver(declared: DeclaredField) -> Resolver:
    if isinstance(declared.resolution, Column) and declared.guard is None:
        return _column(declared.resolution.name or declared.python_name)

    def resolve(row: Any, info: GraphQLResolveInfo[Any]) -> Any:
        return declared.resolve_value(row, info.context.loaders, {})

    return resolve


def _column(name: str) -> Resolver:
    def resolve(row: Any, _info: GraphQLResolveInfo[Any]) -> Any:
        return getattr(row, name)

    return resolve
