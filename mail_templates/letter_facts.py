"""The facts that the templates of a letter are rendered with."""

from dataclasses import dataclass
from datetime import date

from domain.models.access_right import Role
from domain.models.letter import LetterKind
from domain.models.user import Language


@dataclass(frozen=True, slots=True)
class ExpiringRight:
    """A right that expires: its holder, and its last day in Brussels."""

    person: str
    last_day: date


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything that a letter says; facts that its kind doesn't need are empty.

    Attributes:
        kind: The kind of letter.
        language: The language of the mail.
        organisation: The name of the organisation whose access it is about.
        link: The URL of the page about it.
        sender: The sender's display name.
        helpdesk_address: The helpdesk's mail address.
        helpdesk_phone: The helpdesk's phone number for questions about access.
        person: The name of the person that it is about.
        roles: The roles that are requested, or were granted.
        reason: The reason of the decision.
        first_day: The first day of the access, if that is in the future.
        last_day: The last day of the access.
        address_given: Whether the address is that of the request, and not the work relation's.
        endings: The rights that expire, the soonest first.
        more: How many rights expire in addition to those in `endings`.
    """

    kind: LetterKind
    language: Language
    organisation: str
    link: str
    sender: str
    helpdesk_address: str
    helpdesk_phone: str
    person: str | None = None
    roles: tuple[Role, ...] = ()
    reason: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    address_given: bool = True
    endings: tuple[ExpiringRight, ...] = ()
    more: int = 0

    @property
    def mail(self) -> str:
        """The folder of its templates."""
        return self.kind.lower()
