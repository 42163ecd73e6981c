"""The connections over which live changes go out: how many a viewer has, and how each of them ends."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from gql.live.faults import TooMany, TooManyConnections, TooManySubscriptions


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a line ends. Event streams just end.

    Attributes:
        code: A close code of WebSockets.
        message_template: The reason in English, with `{names}` of the facts: its key in the catalogues.
        facts: The values for the template.
    """

    code: int
    message_template: str
    facts: Mapping[str, Any] = field(default_factory=dict)


PARTING: Final = 1.0
"""Seconds in which a client takes the end of its line. One that doesn't is left without a word: whoever sees a line end
connects again, with or without a reason, and a process that stops is not held up."""
LEFT: Final = Ending(1000, "The client has gone.")
INTERRUPTED: Final = Ending(1012, "Live changes were interrupted: connect again, then fetch again.")
TOO_SLOW: Final = Ending(1013, "Too far behind: connect again, then fetch again.")
UNINVITED: Final = Ending(4401, "Sign in first, or give a bearer token in the payload of connection_init.")
SIGNED_OUT: Final = Ending(4403, "The session or the token has ended: connect again with a new one.")


class Line:
    """One connection: a WebSocket with any number of subscriptions, or an event stream with one.

    Attributes:
        many: Whether it carries several subscriptions, and outlives each.
        viewer: Whose it is; None until they are known.
    """

    def __init__(self, *, many: bool) -> None:
        self.many = many
        self.viewer: str | None = None
        self._ending: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    def drop(self, ending: Ending) -> None:
        """Has whoever serves the line end it; the first reason counts."""
        if not self._ending.done():
            self._ending.set_result(ending)

    async def carry(self, talk: Coroutine[Any, Any, None]) -> Ending | None:
        """Does what the line is for until that is over, or until the line is dropped: then gives the reason."""
        task = asyncio.create_task(talk)
        either: set[asyncio.Future[Any]] = {task, self._ending}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            return None if task.done() else self._ending.result()
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


class Lines:
    """The lines and subscriptions of a process, counted by viewer.

    Args:
        lines: How many WebSockets one viewer may have.
        subscriptions: How many subscriptions, over all of their lines.
    """

    def __init__(self, lines: int, subscriptions: int) -> None:
        self._most_lines = lines
        self._most_subscriptions = subscriptions
        self._lines: set[Line] = set()
        self._subscriptions: Counter[str] = Counter()

    @property
    def subscriptions(self) -> int:
        """How many there are, of all viewers."""
        return self._subscriptions.total()

    @property
    def of_viewers(self) -> int:
        """How many lines there are whose viewer is known."""
        return sum(line.viewer is not None for line in self._lines)

    def open(self, line: Line) -> None:
        """A line is there; nobody may know yet whose."""
        self._lines.add(line)

    def close(self, line: Line) -> None:
        """It is gone."""
        self._lines.discard(line)

    def claim(self, line: Line, viewer: str) -> None:
        """The line is this viewer's.

        Raises:
            TooMany: They have as many as one may have.
        """
        if sum(each.viewer == viewer for each in self._lines) >= self._most_lines:
            raise TooManyConnections(self._most_lines)
        line.viewer = viewer

    def require_room(self, viewer: str) -> None:
        """Goes on only if the viewer may have one subscription more.

        Raises:
            TooMany: They have as many as one may have.
        """
        if self._subscriptions[viewer] >= self._most_subscriptions:
            raise self.crowded()

    def crowded(self) -> TooMany:
        """That a viewer has as many subscriptions as one may have."""
        return TooManySubscriptions(self._most_subscriptions)

    def begin(self, viewer: str) -> None:
        """A subscription is there."""
        self._subscriptions[viewer] += 1

    def end(self, viewer: str) -> None:
        """A subscription is over."""
        self._subscriptions[viewer] -= 1
        if not self._subscriptions[viewer]:
            del self._subscriptions[viewer]

    def drop_all(self, ending: Ending) -> None:
        """Ends every line."""
        for line in tuple(self._lines):
            line.drop(ending)
