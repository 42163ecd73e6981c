"""Faults of subscriptions."""

from gql.faults import NOT_FOUND, RATE_LIMITED, Fault


class LimitReached(Fault):
    """A viewer has as many connections or subscriptions as one may have."""

    code = RATE_LIMITED

    def __init__(self, allowed: int) -> None:
        super().__init__(allowed=allowed)


class TooManyConnections(LimitReached):
    """The limit on connections."""

    message_template = "At most {allowed} connections for live changes are kept for one viewer."


class TooManySubscriptions(LimitReached):
    """The limit on subscriptions, over all connections."""

    message_template = "At most {allowed} subscriptions are kept for one viewer. End one first."


class SubscribedObjectNotFound(Fault):
    """The object doesn't exist, or the viewer may not read it."""

    code = NOT_FOUND
    message_template = "There is no such object that you may follow."


class StreamRequired(Fault):
    """A subscription was sent as a request for a single response."""

    message_template = (
        "Subscriptions go over a WebSocket with the subprotocol graphql-transport-ws, or over HTTP with"
        " `Accept: text/event-stream`."
    )
