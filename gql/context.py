"""What one request carries: who asks, in which language, and the loaders that read for them."""

from dataclasses import dataclass, field
from typing import Any

from domain.actor import Actor
from gql.presumption import Presumption
from gql.reading.loaders import Loaders
from gql.shared_state import Shared
from observing.log_context import add_to_log_context


@dataclass
class Context:
    """What fields and resolvers find in `info.context`.

    Attributes:
        actor: Who asks.
        language: The language of texts: `nl`, `fr`, `en` or `de`.
        request_id: What the log knows the request by.
        shared: What the API's processes share; None where nobody is counted, and no client's document is kept.
        address: Where the request came from, by which somebody who is not signed in is counted.
        acts: Whether the operation is a mutation.
        objects: How many objects a subscription reads at most for each event; known when it was weighed.
        presumed: That the actor is who asks is yet to be found out, and the actor that of their last request.
        loaders: Reads rows for the actor; made anew after every change.
    """

    actor: Actor
    language: str
    request_id: str
    shared: Shared | None = None
    address: str = ""
    acts: bool = False
    objects: int = 0
    presumed: Presumption | None = None
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.renew()

    def become(self, actor: Actor) -> None:
        """Goes on for an actor who has just been found, with nothing that was read before."""
        self.actor = actor
        self.loaders = Loaders(actor, self.language, actor.standing)

    def presume(self, presumed: Presumption) -> None:
        """Goes on for somebody, until it is settled whether it is they who ask."""
        self.presumed = presumed
        self.become(presumed.actor)

    async def settle(self, found: Any = None) -> bool:
        """Goes on for whoever really asks, if that was only presumed; says whether the presumption was right.

        Args:
            found: The row with what the presumption asks, where another statement brought it; it is asked now without.
        """
        if self.presumed is None:
            return True
        presumed, self.presumed = self.presumed, None
        actor = await presumed.settled(found)
        if actor is presumed.actor:
            return True
        self.become(actor)
        self.log_actor()
        return False

    def log_actor(self) -> None:
        """Has the lines of the log say who asks, from here on."""
        add_to_log_context(actor=self.viewer if self.actor.signed_in else None)

    def renew(self) -> None:
        """Forgets what was read: after a mutation, rows and what the actor may see of them are other ones."""
        self.loaders = Loaders(self.actor, self.language)

    @property
    def viewer(self) -> str:
        """Who is counted: the same text for the same person, machine client or address, in every process."""
        if self.actor.user_id is not None:
            return f"person:{self.actor.user_id}"
        if self.actor.authority_id is not None:
            return f"authority:{self.actor.authority_id}"
        return f"address:{self.address}"
