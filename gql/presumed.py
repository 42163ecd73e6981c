"""Who asks, presumed to be as their session was found last, so that one statement can find out and answer.

Finding the session takes as long as a small answer does. What is answered for somebody whose facts have changed since
is thrown away and asked again.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from domain.actor import Actor
from domain.reading import Question
from gql.reading.latest import Latest
from identity import sessions
from identity.backend import Credentials

MOST: Final = 4_096
"""How many sessions are remembered."""


class LastFound:
    """Remembers whom sessions were found to be."""

    def __init__(self) -> None:
        self._actors: Latest[Question, Actor] = Latest(MOST)

    def presumed(self, credentials: Credentials) -> "Presumed | None":
        """Who asks with these credentials, if they are a session that was found before."""
        if credentials.bearer is not None or credentials.session is None:
            return None
        question = sessions.asked(credentials.session)
        actor = self._actors.get(question)
        return Presumed(credentials.session, question, actor, self) if actor and actor.signed_in else None

    async def found(self, credentials: Credentials) -> Actor:
        """Who asks with these credentials, found out now.

        Raises:
            InvalidToken: The bearer token is not to be believed.
            ProviderUnavailableError: It can't be checked now.
        """
        actor = await credentials.actor()
        if credentials.bearer is None and credentials.session is not None:
            self.remember(sessions.asked(credentials.session), actor)
        return actor

    def remember(self, question: Question, actor: Actor) -> None:
        """Has a session be presumed to be this actor's from now on."""
        self._actors.keep(question, actor)


@dataclass(frozen=True)
class Presumed:
    """A presumption about who asks.

    Attributes:
        question: What settles it.
        actor: Who it was the last time.
    """

    _token: str = field(repr=False)
    question: Question = field(repr=False)
    actor: Actor
    _last: LastFound = field(repr=False)

    async def settled(self, found: Any = None) -> Actor:
        """Who it is now; nobody when the session has ended.

        Args:
            found: The row of the question, or one that holds its columns; without it, it is asked.
        """
        if found is None:
            actor = await sessions.resume(self._token)
        else:
            actor = await sessions.resumed(self._token, found)
        self._last.remember(self.question, actor)
        return actor
