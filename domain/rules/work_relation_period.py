"""Periods of work relations: begun, extended, shortened, ended (manual 2.1.3)."""

from datetime import date, timedelta

from domain.actor_transaction import ActorTransaction
from domain.days import latest_day
from domain.models import User, WorkRelation, WorkRelationPeriod
from domain.refusals import (
    Findings,
    FirstDayInThePast,
    LastDayBeforeFirstDay,
    LastDayInThePast,
    LastDayNotEarlier,
    LastDayReached,
    PersonErased,
    WorkRelationOver,
    WorkRelationOverlap,
    WorkRelationTooLong,
)
from domain.rules.saving import save


async def check_new_period(act: ActorTransaction, findings: Findings, first_day: date, last_day: date) -> None:
    """Refuses a new period in `findings` that begins in the past, ends before it begins, or exceeds four years."""
    today = await act.today()
    if first_day < today:
        findings.add(FirstDayInThePast("validFrom", earliest=today))
    if last_day < first_day:
        findings.add(LastDayBeforeFirstDay("validUntil", first_day=first_day))
    elif last_day > latest_day(first_day):
        findings.add(WorkRelationTooLong("validUntil", asked=last_day, latest=latest_day(first_day)))


async def check_no_overlap(
    act: ActorTransaction, user_id: int, organisation_id: int, first_day: date, last_day: date, *path: str
) -> None:
    """Requires that the person has no period with the organisation on any of these days.

    Args:
        act: The transaction, which holds the person's lock, so that nobody else begins a period for them.
        user_id: The person's key.
        organisation_id: The organisation's key.
        first_day: The first of the days.
        last_day: The last one, inclusive.
        path: The input field.

    Raises:
        WorkRelationOverlap: There is one.
    """
    overlapping = (
        await WorkRelationPeriod.filter(
            user_id=user_id,
            organisation_id=organisation_id,
            valid_from__lte=last_day,
            valid_until__gte=first_day,
        )
        .order_by("valid_from")
        .using_db(act.database)
        .first()
    )
    if overlapping:
        raise WorkRelationOverlap(*path, first_day=overlapping.valid_from, last_day=overlapping.valid_until)


async def latest_period(act: ActorTransaction, relation: WorkRelation) -> WorkRelationPeriod:
    """The latest period, whose days are those of the work relation."""
    periods = WorkRelationPeriod.filter(work_relation_id=relation.id).order_by("-valid_until")
    latest = await periods.using_db(act.database).first()
    if latest is None:
        raise LookupError(f"work relation {relation.id} has no period")
    return latest


async def move_last_day(act: ActorTransaction, relation: WorkRelation, last_day: date) -> WorkRelationPeriod:
    """Moves the last day; if the period is over, begins a new one today, which leaves the gap.

    Raises:
        LastDayInThePast: The day is before today.
        LastDayBeforeFirstDay: The day is before the first day.
        WorkRelationTooLong: The day is more than four years after the day of the extension.
        WorkRelationOverlap: Another work relation has some of the added days.
        PersonErased: The person was erased, so that no period can begin.
    """
    today = await act.today()
    period = await latest_period(act, relation)
    if last_day < today:
        raise LastDayInThePast("validUntil", earliest=today)
    if last_day < period.valid_from:
        raise LastDayBeforeFirstDay("validUntil", first_day=period.valid_from)
    if last_day <= period.valid_until:
        return await _set_last_day(act, period, last_day, today)
    return await _extend(act, relation, period, last_day, today)


async def _extend(
    act: ActorTransaction, relation: WorkRelation, period: WorkRelationPeriod, last_day: date, today: date
) -> WorkRelationPeriod:
    counted_from = max(today, period.valid_from)
    if last_day > latest_day(counted_from):
        raise WorkRelationTooLong("validUntil", asked=last_day, latest=latest_day(counted_from))
    expired = period.valid_until < today
    first_new_day = today if expired else period.valid_until + timedelta(days=1)
    await check_no_overlap(act, relation.user_id, relation.organisation_id, first_new_day, last_day, "validUntil")
    if expired:
        # People are only erased after their last period. `lock_row` has locked the person.
        if (await User.get(id=relation.user_id, using_db=act.database)).erased:
            raise PersonErased("validUntil")
        return await begin_period(act, relation, today, last_day)
    return await _set_last_day(act, period, last_day, today, counted_from=counted_from)


async def begin_period(
    act: ActorTransaction, relation: WorkRelation, first_day: date, last_day: date
) -> WorkRelationPeriod:
    """Begins a period, whose days have been checked; its four years are counted from the first day."""
    return await WorkRelationPeriod.create(
        work_relation_id=relation.id,
        user_id=relation.user_id,
        organisation_id=relation.organisation_id,
        valid_from=first_day,
        valid_until=last_day,
        counted_from=first_day,
        last_day_given_on=await act.today(),
        using_db=act.database,
    )


async def _set_last_day(
    act: ActorTransaction, period: WorkRelationPeriod, last_day: date, today: date, **columns: date
) -> WorkRelationPeriod:
    await save(act, period, valid_until=last_day, last_day_given_on=today, **columns)
    return period


async def end_period(act: ActorTransaction, relation: WorkRelation, on: date) -> WorkRelationPeriod:
    """Ends the latest period on a day, which is today or later and earlier than the current last day.

    Raises:
        LastDayInThePast: The day is before today.
        LastDayBeforeFirstDay: The day is before the first day.
        WorkRelationOver: The period is over.
        LastDayReached: The last day is today.
        LastDayNotEarlier: The current last day is not later than the day.
    """
    today = await act.today()
    period = await latest_period(act, relation)
    if on < today:
        raise LastDayInThePast("on", earliest=today)
    if on < period.valid_from:
        raise LastDayBeforeFirstDay("on", first_day=period.valid_from)
    if period.valid_until < today:
        raise WorkRelationOver("on", last_day=period.valid_until)
    if period.valid_until == today:
        raise LastDayReached("on", last_day=period.valid_until)
    if on >= period.valid_until:
        raise LastDayNotEarlier("on", current=period.valid_until)
    return await _set_last_day(act, period, on, today)
