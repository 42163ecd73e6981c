"""What one subscription carries: besides what every request does, the line it goes over and who came."""

from dataclasses import dataclass, replace
from typing import Any, Self

from gql.context import Context
from gql.live.lines import Line
from identity.backend import Credentials
from observing.log_context import fork_log_context


@dataclass(kw_only=True)
class LiveContext(Context):
    """What fields and resolvers find in `info.context` while something is streamed.

    Attributes:
        line: The connection.
        credentials: Asked anew before every event.
        connection_params: The payload of a WebSocket's `connection_init`.
    """

    line: Line
    credentials: Credentials
    connection_params: Any = None

    def apart(self) -> Self:
        """A context of its own for one of a line's subscriptions, of which the log tells apart from the others."""
        fork_log_context()
        return replace(self)
