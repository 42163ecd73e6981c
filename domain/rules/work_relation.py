"""New work relations (manual 2.1.3)."""

from dataclasses import dataclass
from datetime import date

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import AuditAction, Organisation, User, WorkRelation, WorkRelationCategory
from domain.personal_values import sealed_value
from domain.policies.abilities import Ability
from domain.refusals import Findings, NobodyHelpsThemselves, PersonErased, PersonNotAdded
from domain.rules.work_relation_period import begin_period, check_new_period, check_no_overlap
from domain.text_fields import optional_email, optional_phone


@dataclass(frozen=True)
class NewWorkRelation:
    """The data of a new work relation.

    Attributes:
        category: Vaste, externe of gedelegeerde medewerker.
        valid_from: The first day, today or later.
        valid_until: The last day, inclusive.
        email: The person's e-mail address in the organisation.
        phone: The person's telephone number in the organisation.
    """

    category: WorkRelationCategory
    valid_from: date
    valid_until: date
    email: str | None = None
    phone: str | None = None


async def create_work_relation(
    *, actor: Actor, organisation_id: int | None, user_id: int | None, new: NewWorkRelation
) -> WorkRelation:
    """Creates the work relation of a person with an organisation, for a period.

    Args:
        actor: An access manager of the organisation.
        organisation_id: The organisation's key.
        user_id: The key of a person whom the organisation added in the last 24 hours, whose request is open, or who
            has or had a work relation with it.
        new: The work relation's data.

    Raises:
        NotFound: The actor sees no such organisation or person.
        Forbidden: The actor manages no access there.
        NobodyHelpsThemselves: The person is the actor, who is no legal representative.
        PersonNotAdded: The person must be added first.
        PersonErased: The person was erased; they must be added again, as a new person.
        Refusals: The period, the address or the telephone number is invalid.
        WorkRelationOverlap: The period overlaps that of another work relation.
    """
    async with actor_transaction(actor) as act:
        organisation = await act.find(
            Organisation, organisation_id, visibility.organisation, "organisationId", prefetch=Ability.MANAGE_ACCESS
        )
        await act.require(Ability.MANAGE_ACCESS, organisation)
        person = await _find_person(act, organisation, user_id)
        return await begin_work_relation(act, organisation.id, person.id, new)


async def begin_work_relation(
    act: ActorTransaction, organisation_id: int, user_id: int, new: NewWorkRelation
) -> WorkRelation:
    """Creates a work relation for an actor who has been authorised; also used when a request is approved.

    Raises:
        Refusals: The period, the address or the telephone number is invalid.
        WorkRelationOverlap: The period overlaps that of another work relation.
    """
    findings = Findings()
    email = optional_email(findings, new.email, "email")
    phone = optional_phone(findings, new.phone, "phone")
    await check_new_period(act, findings, new.valid_from, new.valid_until)
    findings.raise_if_any()
    await check_no_overlap(act, user_id, organisation_id, new.valid_from, new.valid_until, "validFrom")
    relation = await WorkRelation.create(
        organisation_id=organisation_id,
        user_id=user_id,
        category=new.category,
        email=email,
        phone=phone,
        using_db=act.database,
    )
    await begin_period(act, relation, new.valid_from, new.valid_until)
    await _record(act, relation, new)
    return relation


async def _find_person(act: ActorTransaction, organisation: Organisation, user_id: int | None) -> User:
    person = await act.find(User, user_id, visibility.user, "userId")
    standing = await act.standing()
    if person.id == act.actor.user_id and organisation.id not in standing.represents:
        raise NobodyHelpsThemselves("userId")
    if not await act.holds(visibility.personal_data, person):
        raise PersonNotAdded("userId", name=person.full_name)
    if person.erased:
        raise PersonErased("userId")
    return person


async def _record(act: ActorTransaction, relation: WorkRelation, new: NewWorkRelation) -> None:
    after = {
        "user": relation.user_id,
        "category": new.category,
        "validFrom": new.valid_from.isoformat(),
        "validUntil": new.valid_until.isoformat(),
        "email": await sealed_value(act.database, relation.user_id, relation.email),
        "phone": await sealed_value(act.database, relation.user_id, relation.phone),
    }
    await act.record(AuditAction.WORK_RELATION_CREATED, relation, relation.organisation_id, after=after)
