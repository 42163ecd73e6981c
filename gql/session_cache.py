"""Sessions with the actor that each belonged to when it was last looked up.

Looking a session up takes as long as a small query, so one statement does both: it answers for the cached actor, and
returns the session's row to revalidate it. Where the actor or their standing is another by now, the result is discarded
and the operation is executed again.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from cachetools import LRUCache

from domain.actor import Actor
from domain.database.read_queries import RowQuery, fetch_row
from identity import sessions
from identity.backend import Credentials

CACHE_SIZE: Final = 4_096
"""How many sessions are cached."""


class SessionCache:
    """The actors of sessions that were used lately in this process."""

    def __init__(self) -> None:
        self._actors: LRUCache[RowQuery, Actor] = LRUCache(CACHE_SIZE)

    def get(self, credentials: Credentials) -> "CachedSession | None":
        """The session in these credentials, if it is cached and belongs to somebody."""
        token = _session_token(credentials)
        if token is None:
            return None
        query = sessions.resume_query(token)
        actor = self._actors.get(query)
        return CachedSession(token, query, actor, self) if actor and actor.signed_in else None

    async def authenticate(self, credentials: Credentials) -> Actor:
        """The actor with these credentials as of now; caches their session.

        Raises:
            InvalidToken: The bearer token is invalid.
            ProviderUnavailableError: It can't be checked now.
        """
        actor, token = await credentials.actor(), _session_token(credentials)
        if token is not None:
            self.put(sessions.resume_query(token), actor)
        return actor

    def put(self, query: RowQuery, actor: Actor) -> None:
        """Caches the actor of the session that the query looks up."""
        self._actors[query] = actor


@dataclass(frozen=True)
class CachedSession:
    """A session with its cached actor.

    Attributes:
        query: Looks the session up.
        actor: The actor at the last lookup.
    """

    _token: str = field(repr=False)
    query: RowQuery = field(repr=False)
    actor: Actor
    _cache: SessionCache = field(repr=False)

    async def revalidate(self, row: Any = None) -> Actor:
        """The actor as of now: the very object in `actor` if nothing has changed; `NOBODY` if the session has ended.

        Args:
            row: A row with the columns of the query; without one the query is executed.
        """
        row = await fetch_row(self.query) if row is None else row
        actor = await sessions.resume_from_row(self._token, row)
        if actor == self.actor and actor.standing == self.actor.standing:
            return self.actor
        self._cache.put(self.query, actor)
        return actor


def _session_token(credentials: Credentials) -> str | None:
    """The session's token; None where there is a bearer token, which takes precedence."""
    return credentials.session if credentials.bearer is None else None
