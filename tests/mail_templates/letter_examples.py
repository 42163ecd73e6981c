"""Facts for letters, one complete set for each kind."""

from dataclasses import replace
from datetime import date

from domain.models.access_right import Role
from domain.models.letter import LetterKind
from domain.models.user import Language
from mail_templates import ExpiringRight, LetterFacts, organisation_link, task_link

PUBLIC_URL = "https://e-contracting.vlaanderen.be"

RIGHT_EXPIRES = LetterFacts(
    kind=LetterKind.RIGHT_EXPIRES,
    language=Language.NL,
    organisation="Bouwwerken Janssens & Zonen nv",
    link=organisation_link(PUBLIC_URL, 7),
    sender="Departement Mobiliteit en Openbare Werken",
    helpdesk_address="e-contracting@vlaanderen.be",
    helpdesk_phone="1700",
    person="Sofie De Smet",
    roles=(Role.USER,),
    last_day=date(2027, 12, 31),
)
DIGEST = replace(
    RIGHT_EXPIRES,
    kind=LetterKind.EXPIRY_DIGEST,
    person=None,
    roles=(),
    last_day=None,
    endings=(ExpiringRight("Sofie De Smet", date(2027, 12, 31)), ExpiringRight("Bram Claes", date(2028, 1, 5))),
)
TASK_OPENED = replace(
    RIGHT_EXPIRES,
    kind=LetterKind.TASK_OPENED,
    link=task_link(PUBLIC_URL, 12),
    roles=(Role.ADMINISTRATOR, Role.USER),
    last_day=None,
)
APPROVED = replace(
    TASK_OPENED,
    kind=LetterKind.REGISTRATION_APPROVED,
    reason="Zelfregistratie",
    first_day=date(2027, 3, 1),
    last_day=date(2031, 2, 28),
)
REJECTED = replace(TASK_OPENED, kind=LetterKind.REGISTRATION_REJECTED, reason="U werkt niet meer bij ons.")
ADDRESS_CHANGED = replace(RIGHT_EXPIRES, kind=LetterKind.ADDRESS_CHANGED, roles=(), last_day=None)
LETTERS = {facts.kind: facts for facts in (RIGHT_EXPIRES, DIGEST, TASK_OPENED, APPROVED, REJECTED, ADDRESS_CHANGED)}
