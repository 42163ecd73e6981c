"""Why somebody gets no live changes."""

from gql.faults import NOT_FOUND, RATE_LIMITED, Fault


class TooMany(Fault):
    """A viewer has as many connections or subscriptions as one may have."""

    code = RATE_LIMITED

    def __init__(self, allowed: int) -> None:
        super().__init__(allowed=allowed)


class TooManyConnections(TooMany):
    """Connections."""

    message_template = "At most {allowed} connections for live changes are kept for one viewer."


class TooManySubscriptions(TooMany):
    """Subscriptions, over all of them."""

    message_template = "At most {allowed} subscriptions are kept for one viewer. End one first."


class OutOfReach(Fault):
    """There is no such object, or it isn't the viewer's to read."""

    code = NOT_FOUND
    message_template = "There is no such object that you may follow."


class NoStream(Fault):
    """Somebody subscribes in a way that can only be answered once."""

    message_template = (
        "Subscriptions go over a WebSocket with the subprotocol graphql-transport-ws, or over HTTP with"
        " `Accept: text/event-stream`."
    )
