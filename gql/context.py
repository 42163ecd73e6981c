"""The context of a request: the actor, their language, and the loaders that read for them."""

from dataclasses import dataclass, field
from typing import Any

from domain.actor import Actor
from gql.reading.loaders import Loaders
from gql.session_cache import CachedSession
from gql.shared_state import SharedState
from observing.log_context import add_to_log_context


@dataclass
class Context:
    """What resolvers find in `info.context`.

    Attributes:
        actor: Who sent the request.
        language: The language of texts: `nl`, `fr`, `en` or `de`.
        request_id: The request's id in the log.
        shared: What the API's processes share; None where no budget is counted, and no client's document is stored.
        client_address: The client's IP address, by which somebody who is not signed in is counted.
        is_mutation: Whether the operation is a mutation.
        cost: How many objects a subscription reads at most for each event; set once it was computed.
        cached_session: The session that `actor` was taken from, if it is still to be revalidated.
        loaders: Read rows for the actor; renewed after every mutation.
    """

    actor: Actor
    language: str
    request_id: str
    shared: SharedState | None = None
    client_address: str = ""
    is_mutation: bool = False
    cost: int = 0
    cached_session: CachedSession | None = None
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.renew_loaders()

    def set_actor(self, actor: Actor) -> None:
        """Continues for an actor who was just authenticated; nothing that was loaded before is kept."""
        self.actor = actor
        self.loaders = Loaders(actor, self.language, actor.standing)

    def use_cached_session(self, session: CachedSession) -> None:
        """Continues for the actor of a cached session, until `revalidate_actor`."""
        self.cached_session = session
        self.set_actor(session.actor)

    async def revalidate_actor(self, row: Any = None) -> bool:
        """Revalidates a cached session, and continues for its actor as of now.

        Args:
            row: A row with the columns of the session's query; without one the query is executed.

        Returns:
            False if the actor or their standing has changed, so that what was read before must be discarded.
        """
        if self.cached_session is None:
            return True
        session, self.cached_session = self.cached_session, None
        actor = await session.revalidate(row)
        if actor is session.actor:
            return True
        self.set_actor(actor)
        self.log_actor()
        return False

    def log_actor(self) -> None:
        """Adds the actor to every log line from here on."""
        add_to_log_context(actor=self.viewer_key if self.actor.signed_in else None)

    def renew_loaders(self) -> None:
        """Discards what was loaded: after a mutation, rows and what the actor may see of them may have changed."""
        self.loaders = Loaders(self.actor, self.language)

    @property
    def viewer_key(self) -> str:
        """The key by which a person, machine client or IP address is counted; the same in every process."""
        if self.actor.user_id is not None:
            return f"person:{self.actor.user_id}"
        if self.actor.authority_id is not None:
            return f"authority:{self.actor.authority_id}"
        return f"address:{self.client_address}"
