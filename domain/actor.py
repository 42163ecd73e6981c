"""The actor of a request: a person, a contracting authority's machine client, the system, or nobody."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.standing import Standing


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who reads or acts; at most one of `user_id` and `authority_id` is filled.

    Attributes:
        user_id: The person's key.
        authority_id: The key of the contracting authority that a machine client is bound to.
        organisation_id: The one organisation that a token restricts the person to, when it names one.
        session_id: The key of the session, for a person who came with its cookie.
        name: The name in the audit log of an actor that is no person.
        standing: The facts about them, where authentication has read them; valid for reading in this request, and for
            nothing later.
    """

    user_id: int | None = None
    authority_id: int | None = None
    organisation_id: int | None = None
    session_id: int | None = None
    name: str | None = None
    standing: "Standing | None" = field(default=None, compare=False, repr=False)

    @property
    def signed_in(self) -> bool:
        """Is it somebody?"""
        return self.user_id is not None or self.authority_id is not None

    @property
    def keys(self) -> list[int | None]:
        """The parameters of statements about the actor: person, authority, session, and the one organisation."""
        return [self.user_id, self.authority_id, self.session_id, self.organisation_id]


NOBODY = Actor()
SYSTEM = Actor(name="system")
OPERATOR = Actor(name="operator")
