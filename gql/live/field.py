"""How a field of Subscription says what it tells."""

from typing import Any

import strawberry
from graphql import GraphQLSchema

from gql.live.faults import NoStream
from gql.live.watch import Watch
from gql.reading.fields import Argument, DeclaredField
from gql.reading.sources import SOURCES
from gql.roots import RootField


def changes(description: str, owner: type, connection: str, target: type, argument: str) -> Any:
    """A field of Subscription: each row of a connection when it has been made or changed.

    Args:
        description: What is told.
        owner: The type that has the connection.
        connection: The connection's field; who may read it may subscribe.
        target: The type whose rows change.
        argument: The argument for the owner's global id.
    """
    source = SOURCES[owner.__name__]
    [declared] = [field for field in owner.__strawberry_definition__.fields if field.python_name == connection]  # type: ignore[attr-defined]  # set by Strawberry
    if not isinstance(declared, DeclaredField):
        raise TypeError(f"{source.name}.{connection} is not declared.")
    changing = SOURCES[target.__name__]
    if changing.model is None:
        raise TypeError(f"{changing.name} has no table: nothing tells of its changes.")
    watch = Watch(source, declared, changing, changing.model.__name__, argument)
    taken = {argument: Argument(strawberry.ID, description=f"The {source.name.lower()}'s global id.")}
    return RootField(watch, taken, description=description, is_subscription=True)


def refuse_single_answers(schema: GraphQLSchema) -> None:
    """Has a subscription that came as an ordinary request refused: there is no event that it could be answered with."""

    def resolve(event: Any, *_: Any, **__: Any) -> Any:
        if event is None:
            raise NoStream
        return event

    if schema.subscription_type is not None:
        for field in schema.subscription_type.fields.values():
            field.resolve = resolve
