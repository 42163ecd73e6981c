"""A former colleague, who is erased by the tests."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from domain.actor import OPERATOR
from domain.database.connection import database
from domain.models import AuditEntry, Organisation, TaskStatus, User, WorkRelation
from domain.personal_values import sealed_value
from domain.rules.person_erasure import erase_person
from tests import rows

REASON: Final = "Verzoek om gegevens te wissen"
EMAIL, OLD_EMAIL, PHONE = "wilhelmina@aannemer.example", "oud@aannemer.example", "+32 3 123 45 67"
PERSONAL_VALUES: Final = ("Wilhelmina", "Verstraeten", "1985-07-29", "vo-wilhelmina", EMAIL, OLD_EMAIL, PHONE)
"""Her personal data, wherever it is stored."""


@dataclass(frozen=True)
class FormerColleague:
    """A former colleague, with a row in every table with personal data.

    Attributes:
        user: The person.
        number: Her national register number.
        relation: Her work relation, which has expired.
        entry: An audit entry about it with sealed values.
    """

    user: User
    number: str
    relation: WorkRelation
    entry: AuditEntry


async def erase(number: str, reason: str = REASON) -> None:
    await erase_person(actor=OPERATOR, number=number, reason=reason)


async def a_former_colleague(organisation: Organisation | None = None, **columns: Any) -> FormerColleague:
    """A person whose last day was a week ago, with a mandate, a right, a self-registration and a mail."""
    organisation, number = organisation or await rows.an_organisation(), rows.a_national_number()
    person: dict[str, Any] = {"given_name": "Wilhelmina", "family_name": "Verstraeten", "subject": "vo-wilhelmina"}
    person |= {"language": "FR", "birth_date": date(1985, 7, 29), "national_number": number}
    user, today = await rows.a_user(**person | columns), await rows.today()
    week = timedelta(days=7)
    relation = await rows.a_work_relation(user, organisation, today - 9 * week, today - week, email=EMAIL, phone=PHONE)
    await rows.a_right(relation, granted_at=await rows.now() - 9 * week)
    await rows.a_mandate(user=user, organisation=organisation, email=EMAIL, ended_at=await rows.now())
    await rows.a_self_registration(organisation, user, email=OLD_EMAIL, phone=PHONE, status=TaskStatus.APPROVED)
    await rows.an_introduction(organisation, user, language="FR")
    await rows.a_session(user)
    await rows.a_delivery(None, OLD_EMAIL, user=user, status="SENT")
    return FormerColleague(user, number, relation, await an_audit_entry(relation))


async def an_audit_entry(relation: WorkRelation) -> AuditEntry:
    """An entry with the sealed e-mail address and phone number of a work relation."""
    values = [await sealed_value(database(), relation.user_id, value) for value in (OLD_EMAIL, PHONE)]
    return await AuditEntry.create(
        organisation_id=relation.organisation_id,
        actor_name="system",
        action="WORK_RELATION_CREATED",
        subject_type="WorkRelation",
        subject_id=relation.id,
        after=dict(zip(("email", "phone"), values, strict=True)),
    )
