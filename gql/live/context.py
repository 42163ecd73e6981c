"""The context of a subscription."""

from dataclasses import dataclass, replace
from typing import Any, Self

from gql.context import Context
from gql.live.connections import LiveConnection
from identity.backend import Credentials
from observing.log_context import fork_log_context


@dataclass(kw_only=True)
class SubscriptionContext(Context):
    """What resolvers find in `info.context` of a request for a stream.

    Attributes:
        connection: The WebSocket or event stream.
        credentials: Checked again before every event.
        connection_params: The payload of a WebSocket's `connection_init`.
    """

    connection: LiveConnection
    credentials: Credentials
    connection_params: Any = None

    def fork(self) -> Self:
        """A copy for one of the connection's subscriptions, with its own log context."""
        fork_log_context()
        return replace(self)
