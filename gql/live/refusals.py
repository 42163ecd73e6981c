"""Why somebody gets no live changes."""


class TooMany(Exception):  # noqa: N818  # it names the answer, as the API's codes do
    """A viewer has as many connections or subscriptions as one may have; the message says how many that is."""


class OutOfReach(Exception):  # noqa: N818  # see above
    """There is no such object, or it isn't the viewer's to read."""

    def __init__(self) -> None:
        super().__init__("There is no such object that you may follow.")


class NoStream(Exception):  # noqa: N818  # see above
    """Somebody subscribes in a way that can only be answered once."""

    def __init__(self) -> None:
        super().__init__(
            "Subscriptions go over a WebSocket with the subprotocol graphql-transport-ws, or over HTTP with"
            " `Accept: text/event-stream`."
        )
