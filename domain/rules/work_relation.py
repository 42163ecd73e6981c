"""Work relations: made, changed, extended, ended (manual 2.1.3)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain import visibility
from domain.acting import Acting, acting, require_version
from domain.actor import Actor
from domain.models import LetterKind, Organisation, User, WorkRelation, WorkRelationCategory
from domain.personal_values import sealed_value
from domain.policies.abilities import Ability
from domain.refusals import Findings, NobodyHelpsThemselves, PersonNotAdded
from domain.rules.kept import keep_next
from domain.rules.letters import write_letter
from domain.rules.managed import require_managed
from domain.rules.routing_ways import Way, mailbox
from domain.rules.work_relation_period import (
    begin_period,
    check_new_period,
    check_no_overlap,
    end_period,
    latest_period,
    move_last_day,
)
from domain.texts import optional_email, optional_phone, required_reason
from domain.unchanged import UNCHANGED, Unchanged


@dataclass(frozen=True)
class NewWorkRelation:
    """What is filled in for a new work relation.

    Attributes:
        category: Vaste, externe of gedelegeerde medewerker.
        valid_from: The first day, today or later.
        valid_until: The last day, inclusive.
        email: The person's e-mail address here.
        phone: The person's telephone number here.
    """

    category: WorkRelationCategory
    valid_from: date
    valid_until: date
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class ChangedWorkRelation:
    """What is changed of a work relation; what is left out stays as it is, None empties."""

    category: WorkRelationCategory | Unchanged = UNCHANGED
    valid_until: date | Unchanged = UNCHANGED
    email: str | Unchanged | None = UNCHANGED
    phone: str | Unchanged | None = UNCHANGED


async def create_work_relation(
    *, actor: Actor, organisation_id: int | None, user_id: int | None, given: NewWorkRelation
) -> WorkRelation:
    """Ties a person to an organisation for a period.

    Args:
        actor: An access manager of the organisation.
        organisation_id: The organisation's key.
        user_id: The key of a person whom the organisation added in the last 24 hours, whose request is open, or who
            has or had a work relation with it.
        given: What was filled in.

    Raises:
        NotFound: The actor sees no such organisation or person.
        Forbidden: The actor manages no access there.
        NobodyHelpsThemselves: The person is the actor, who is no legal representative.
        PersonNotAdded: The person must be added first.
        Refusals: What is wrong with the period, the address or the number.
        WorkRelationOverlap: There is one on some of these days.
    """
    async with acting(actor) as act:
        organisation = await act.find(
            Organisation, organisation_id, visibility.organisation, "organisationId", then=Ability.MANAGE_ACCESS
        )
        await act.require(Ability.MANAGE_ACCESS, organisation)
        person = await _person(act, organisation, user_id)
        return await begin_work_relation(act, organisation.id, person.id, given)


async def begin_work_relation(act: Acting, organisation_id: int, user_id: int, given: NewWorkRelation) -> WorkRelation:
    """The part of creating that comes after asking who may: also for approving a request.

    Raises:
        Refusals: What is wrong with the period, the address or the number.
        WorkRelationOverlap: There is one on some of these days.
    """
    findings = Findings()
    email = optional_email(findings, given.email, "email")
    phone = optional_phone(findings, given.phone, "phone")
    await check_new_period(act, findings, given.valid_from, given.valid_until)
    findings.settle()
    await check_no_overlap(act, user_id, organisation_id, given.valid_from, given.valid_until, "validFrom")
    relation = await WorkRelation.create(
        organisation_id=organisation_id,
        user_id=user_id,
        category=given.category,
        email=email,
        phone=phone,
        using_db=act.database,
    )
    await _begin(act, relation, given)
    return relation


async def _person(act: Acting, organisation: Organisation, user_id: int | None) -> User:
    person = await act.find(User, user_id, visibility.user, "userId")
    standing = await act.standing()
    if person.id == act.actor.user_id and organisation.id not in standing.represents:
        raise NobodyHelpsThemselves("userId")
    if not await act.holds(visibility.personal_data, person):
        raise PersonNotAdded("userId", name=person.full_name)
    return person


async def _begin(act: Acting, relation: WorkRelation, given: NewWorkRelation) -> None:
    await begin_period(act, relation, given.valid_from, given.valid_until)
    after = {
        "user": relation.user_id,
        "category": given.category,
        "validFrom": given.valid_from.isoformat(),
        "validUntil": given.valid_until.isoformat(),
        "email": await sealed_value(act.database, relation.user_id, relation.email),
        "phone": await sealed_value(act.database, relation.user_id, relation.phone),
    }
    await act.record("WORK_RELATION_CREATED", relation, relation.organisation_id, after=after)


async def update_work_relation(
    *, actor: Actor, work_relation_id: int | None, version: int, change: ChangedWorkRelation
) -> WorkRelation:
    """Changes category, e-mail and telephone number; a new last day extends, or begins again after expiry.

    An address that is no longer the person's is told so by mail.

    Args:
        actor: An access manager of the organisation; for one's own only a legal representative.
        work_relation_id: The work relation's key.
        version: The version that the change was made from.
        change: What changes; what is left out stays.

    Raises:
        NotFound: The actor sees no such work relation.
        Forbidden: The actor may not manage it.
        NobodyHelpsThemselves: It is the actor's own, who is no legal representative.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: What is wrong with the address or the number.
        LastDayInThePast, LastDayBeforeFirstDay, WorkRelationTooLong, WorkRelationOverlap: What is wrong with the day.
    """
    async with acting(actor) as act:
        relation = await act.find(
            WorkRelation, work_relation_id, visibility.work_relation, "id", then=Ability.MANAGE_ACCESS
        )
        await require_managed(act, relation, "id")
        require_version(relation, version)
        columns = _changed_columns(relation, change)
        before, after = await _told(act, relation, columns)
        former = relation.email
        if not isinstance(change.valid_until, Unchanged):
            period = await latest_period(act, relation)
            if change.valid_until != period.valid_until:
                before["validUntil"] = period.valid_until.isoformat()
                after["validUntil"] = change.valid_until.isoformat()
                await move_last_day(act, relation, change.valid_until)
        if after:
            await keep_next(act, relation, **columns)
            await act.record("WORK_RELATION_CHANGED", relation, relation.organisation_id, before=before, after=after)
            await _tell_former_address(act, relation, former)
    return relation


def _changed_columns(relation: WorkRelation, change: ChangedWorkRelation) -> dict[str, Any]:
    """The columns whose value is another one."""
    findings = Findings()
    asked: dict[str, Any] = {}
    if not isinstance(change.category, Unchanged):
        asked["category"] = change.category
    if not isinstance(change.email, Unchanged):
        asked["email"] = optional_email(findings, change.email, "email")
    # A form sends back what it was given: a number that was kept as it was written then is no change.
    if not isinstance(change.phone, Unchanged) and change.phone != relation.phone:
        asked["phone"] = optional_phone(findings, change.phone, "phone")
    findings.settle()
    return {name: value for name, value in asked.items() if value != getattr(relation, name)}


async def _told(act: Acting, relation: WorkRelation, columns: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns before and after, as the audit log keeps them."""

    async def told(name: str, value: Any) -> Any:
        return value if name == "category" else await sealed_value(act.database, relation.user_id, value)

    before = {name: await told(name, getattr(relation, name)) for name in columns}
    return before, {name: await told(name, value) for name, value in columns.items()}


async def _tell_former_address(act: Acting, relation: WorkRelation, former: str | None) -> None:
    if former is None or (relation.email and mailbox(relation.email) == mailbox(former)):
        return
    person = await User.get(id=relation.user_id, using_db=act.database)
    about = {"organisation_id": relation.organisation_id, "work_relation_id": relation.id}
    way = Way(former, user_id=person.id, language=person.language)
    await write_letter(act, LetterKind.ADDRESS_CHANGED, [way], **about)


async def end_work_relation(
    *, actor: Actor, work_relation_id: int | None, version: int, on: date, reason: str
) -> WorkRelation:
    """Ends a work relation early.

    Args:
        actor: An access manager of the organisation; for one's own only a legal representative.
        work_relation_id: The work relation's key.
        version: The version that the change was made from.
        on: The last day of access, today or later, in Brussels.
        reason: Why.

    Raises:
        NotFound: The actor sees no such work relation.
        Forbidden: The actor may not manage it.
        NobodyHelpsThemselves: It is the actor's own, who is no legal representative.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: There is no reason.
        WorkRelationOver: It has ended.
        LastDayInThePast, LastDayBeforeFirstDay, LastDayReached, LastDayNotEarlier: What is wrong with the day.
    """
    async with acting(actor) as act:
        relation = await act.find(
            WorkRelation, work_relation_id, visibility.work_relation, "id", then=Ability.MANAGE_ACCESS
        )
        await require_managed(act, relation, "id")
        require_version(relation, version)
        text = required_reason(reason)
        before = {"validUntil": (await latest_period(act, relation)).valid_until.isoformat()}
        period = await end_period(act, relation, on)
        await keep_next(act, relation)
        after = {"validUntil": period.valid_until.isoformat()}
        await act.record(
            "WORK_RELATION_ENDED", relation, relation.organisation_id, before=before, after=after, reason=text
        )
    return relation
