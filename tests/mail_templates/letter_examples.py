"""Facts for letters, one complete set for each kind."""

from dataclasses import replace
from datetime import date

from domain.models.access_right import Role
from domain.models.letter import LetterKind
from domain.models.user import Language
from mail_templates import ExpiringRight, LetterFacts, organisation_link, task_link

HERE = "https://e-contracting.vlaanderen.be"

EXPIRES = LetterFacts(
    kind=LetterKind.RIGHT_EXPIRES,
    language=Language.NL,
    organisation="Bouwwerken Janssens & Zonen nv",
    link=organisation_link(HERE, 7),
    sender="Departement Mobiliteit en Openbare Werken",
    helpdesk_address="e-contracting@vlaanderen.be",
    helpdesk_phone="1700",
    person="Sofie De Smet",
    roles=(Role.USER,),
    last_day=date(2027, 12, 31),
)
DIGEST = replace(
    EXPIRES,
    kind=LetterKind.EXPIRY_DIGEST,
    person=None,
    roles=(),
    last_day=None,
    endings=(ExpiringRight("Sofie De Smet", date(2027, 12, 31)), ExpiringRight("Bram Claes", date(2028, 1, 5))),
)
OPENED = replace(
    EXPIRES,
    kind=LetterKind.TASK_OPENED,
    link=task_link(HERE, 12),
    roles=(Role.ADMINISTRATOR, Role.USER),
    last_day=None,
)
APPROVED = replace(
    OPENED,
    kind=LetterKind.REGISTRATION_APPROVED,
    reason="Zelfregistratie",
    first_day=date(2027, 3, 1),
    last_day=date(2031, 2, 28),
)
REJECTED = replace(OPENED, kind=LetterKind.REGISTRATION_REJECTED, reason="U werkt niet meer bij ons.")
CHANGED = replace(EXPIRES, kind=LetterKind.ADDRESS_CHANGED, roles=(), last_day=None)
LETTERS = {facts.kind: facts for facts in (EXPIRES, DIGEST, OPENED, APPROVED, REJECTED, CHANGED)}
