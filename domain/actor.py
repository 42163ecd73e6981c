"""The actor of a request: a person, a contracting authority's machine client, the system, or nobody."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.standing import Standing


@dataclass(frozen=True, slots=True)
class Actor:
    """Who reads or acts; at most one of `user_id` and `authority_id` is set.

    Attributes:
        user_id: The person's key.
        authority_id: The key of the contracting authority that the machine client belongs to.
        organisation_id: The key of the one organisation that a token restricts the person to, if it does.
        session_id: The key of the session, if the person was authenticated by its cookie.
        name: The name in the audit log of an actor that is no person.
        standing: The facts about the actor, if authentication has read them; only valid for reading in this request.
    """

    user_id: int | None = None
    authority_id: int | None = None
    organisation_id: int | None = None
    session_id: int | None = None
    name: str | None = None
    standing: "Standing | None" = field(default=None, compare=False, repr=False)

    @property
    def signed_in(self) -> bool:
        """Is the actor a person or a machine client?"""
        return self.user_id is not None or self.authority_id is not None

    @property
    def keys(self) -> list[int | None]:
        """The parameters of statements about the actor: person, authority, session, and the one organisation."""
        return [self.user_id, self.authority_id, self.session_id, self.organisation_id]


NOBODY = Actor()
SYSTEM = Actor(name="system")
OPERATOR = Actor(name="operator")
