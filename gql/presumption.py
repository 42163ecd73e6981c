"""Who asks, presumed to be whoever the session belonged to when it was last found.

Finding the session takes as long as a small answer does, so one statement does both: it answers for the person that
is presumed, and tells whose session it is now, with today's facts. Where these are others, the answer is thrown away
and asked for again.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from cachetools import LRUCache

from domain.actor import Actor
from domain.database.read_queries import RowQuery, fetch_row
from identity import sessions
from identity.backend import Credentials

MOST: Final = 4_096
"""How many sessions are remembered."""


class LastFound:
    """Remembers whom sessions were found to be."""

    def __init__(self) -> None:
        self._actors: LRUCache[RowQuery, Actor] = LRUCache(MOST)

    def presumed(self, credentials: Credentials) -> "Presumption | None":
        """Who asks with these credentials, if they are a session that was found before."""
        token = _session(credentials)
        if token is None:
            return None
        question = sessions.resume_query(token)
        actor = self._actors.get(question)
        return Presumption(token, question, actor, self) if actor and actor.signed_in else None

    async def found(self, credentials: Credentials) -> Actor:
        """Who asks with these credentials, found out now.

        Raises:
            InvalidToken: The bearer token is not to be believed.
            ProviderUnavailableError: It can't be checked now.
        """
        actor, token = await credentials.actor(), _session(credentials)
        if token is not None:
            self.remember(sessions.resume_query(token), actor)
        return actor

    def remember(self, question: RowQuery, actor: Actor) -> None:
        """Has a session be presumed to be this actor's from now on."""
        self._actors[question] = actor


@dataclass(frozen=True)
class Presumption:
    """A presumption about who asks.

    Attributes:
        question: What settles it.
        actor: Who it was the last time.
    """

    _token: str = field(repr=False)
    question: RowQuery = field(repr=False)
    actor: Actor
    _last: LastFound = field(repr=False)

    async def settled(self, found: Any = None) -> Actor:
        """Who it is now: the very actor that was presumed, where that was right; nobody when the session has ended.

        Args:
            found: The row of the question, or one that holds its columns; without it, it is asked.
        """
        row = await fetch_row(self.question) if found is None else found
        actor = await sessions.resume_from_row(self._token, row)
        if actor == self.actor and actor.standing == self.actor.standing:
            return self.actor
        self._last.remember(self.question, actor)
        return actor


def _session(credentials: Credentials) -> str | None:
    """The token of the session that somebody comes by; None who brings a bearer token, which counts before it."""
    return credentials.session if credentials.bearer is None else None
