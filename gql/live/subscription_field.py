"""Declaration of the fields of Subscription."""

from typing import Any

import strawberry
from graphql import GraphQLSchema

from gql.live.faults import StreamRequired
from gql.live.subscription import ChangeSubscription
from gql.reading.fields import Argument, DeclaredField
from gql.reading.sources import SOURCES
from gql.roots import RootField


def subscription_field(description: str, owner: type, connection: str, target: type, argument: str) -> Any:
    """A field of Subscription: each row of a connection when it was inserted or updated.

    Args:
        description: The field's description.
        owner: The type that has the connection.
        connection: The connection field; who may read it may subscribe.
        target: The type of the rows that are reported.
        argument: The argument with the owner's global id.
    """
    owner_source = SOURCES[owner.__name__]
    [declared] = [field for field in owner.__strawberry_definition__.fields if field.python_name == connection]  # type: ignore[attr-defined]  # set by Strawberry
    if not isinstance(declared, DeclaredField):
        raise TypeError(f"{owner_source.name}.{connection} is not declared.")
    target_source = SOURCES[target.__name__]
    if target_source.model is None:
        raise TypeError(f"{target_source.name} has no table: nothing reports its changes.")
    subscription = ChangeSubscription(owner_source, declared, target_source, target_source.model.__name__, argument)
    arguments = {argument: Argument(strawberry.ID, description=f"The {owner_source.name.lower()}'s global id.")}
    return RootField(subscription, arguments, description=description, is_subscription=True)


def require_streams(schema: GraphQLSchema) -> None:
    """Has subscriptions refused that are sent as ordinary requests: a single response can't report changes."""

    def resolve(event: Any, *_: Any, **__: Any) -> Any:
        if event is None:
            raise StreamRequired
        return event

    if schema.subscription_type is not None:
        for field in schema.subscription_type.fields.values():
            field.resolve = resolve
