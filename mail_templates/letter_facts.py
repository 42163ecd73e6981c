"""What a letter tells: the facts that the templates of its kind may name."""

from dataclasses import dataclass
from datetime import date

from domain.models.access_right import Role
from domain.models.letter import LetterKind
from domain.models.user import Language


@dataclass(frozen=True, slots=True)
class Ending:
    """One right that ends: whose it is, and its last day in Brussels."""

    person: str
    last_day: date


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything that a letter says; what its kind does not tell is empty.

    Attributes:
        kind: What it is about.
        language: The language that the recipient is written to in.
        organisation: The name of the organisation whose access it is about.
        link: Where to see or do something about it.
        sender: The name that the mail is sent under.
        helpdesk_address: Where questions go.
        helpdesk_phone: Whom to call about access.
        person: The name of the person whom it is about.
        roles: The roles that are asked for, or were granted.
        reason: Why it was decided so.
        first_day: The first day of the access, when that is still to come.
        last_day: The last day of the access.
        address_given: Whether the address is the one that the request gives, and not the work relation's.
        endings: The rights that end, the soonest first.
        more: How many more end than are listed.
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
    endings: tuple[Ending, ...] = ()
    more: int = 0

    @property
    def mail(self) -> str:
        """The folder of its templates."""
        return self.kind.lower()
