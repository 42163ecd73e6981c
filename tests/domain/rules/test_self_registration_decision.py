"""Decisions on self-registrations, sentence by sentence of the manual (2.1.5.2)."""

from datetime import timedelta
from typing import Any

import pytest

from domain.actor import Actor
from domain.days import latest_day
from domain.models import (
    AccessRight,
    AccessRightRole,
    AuditEntry,
    Role,
    SelfRegistration,
    TaskStatus,
    WorkRelation,
    WorkRelationCategory,
    WorkRelationPeriod,
)
from domain.refusals import (
    AlreadyDecided,
    Forbidden,
    GivenTwice,
    NobodyHelpsThemselves,
    NotFound,
    Required,
    RoleNotRequested,
    WorkRelationExists,
    WorkRelationTooLong,
)
from domain.rules.self_registration_approval import Approval, approve_self_registration
from domain.rules.self_registration_decision import reject_self_registration
from domain.standing import Standing
from tests import rows
from tests.access_cast import MANAGERS, Cast
from tests.domain.rules.concurrency import run_while_locked
from tests.refusals import assert_refused

BOTH = (Role.ADMINISTRATOR, Role.USER)


@pytest.fixture
async def task(cast: Cast) -> SelfRegistration:
    """The open task of the newcomer, who requests both roles."""
    fields = {"email": "new@aannemer.example", "phone": "+32 2 553 17 00"}
    return await rows.a_self_registration(cast.organisation, cast.people["newcomer"], *BOTH, **fields)


async def approval_with_period(*roles: Role, **fields: Any) -> Approval:
    """An approval with a period of a month from today."""
    today = await rows.today()
    period = {"valid_from": today, "valid_until": today + timedelta(days=30)}
    return Approval(roles or BOTH, **period | fields)


async def approve(
    cast: Cast, task: SelfRegistration, approval: Approval, who: str = "manager"
) -> tuple[SelfRegistration, AccessRight]:
    return await approve_self_registration(actor=cast.actors[who], task_id=task.id, approval=approval)


async def roles_of(right: AccessRight) -> list[Role]:
    role_rows = await AccessRightRole.filter(access_right_id=right.id, valid_to=None)
    return sorted(row.role for row in role_rows)


@pytest.mark.parametrize("who", MANAGERS)
async def test_an_approval_with_a_period_creates_a_work_relation_and_a_right(
    cast: Cast, task: SelfRegistration, who: str
):
    decided, right = await approve(cast, task, await approval_with_period(), who)

    assert (decided.status, decided.decided_by_id, decided.decision_reason) == (
        TaskStatus.APPROVED,
        cast.people[who].id,
        "Zelfregistratie",
    )
    relation = await WorkRelation.get(user_id=task.applicant_id)
    assert (relation.category, relation.email, relation.phone) == (
        WorkRelationCategory.PERMANENT,
        "new@aannemer.example",
        "+32 2 553 17 00",
    )
    assert (right.work_relation_id, right.reason, right.granted_by_id) == (
        relation.id,
        "Zelfregistratie",
        cast.people[who].id,
    )
    assert await roles_of(right) == sorted(BOTH)
    standing = await Standing.of(Actor(user_id=task.applicant_id))
    assert standing.administers == standing.user_of == [cast.organisation.id]
    actions = await AuditEntry.all().order_by("id").values_list("action", flat=True)
    assert actions == ["WORK_RELATION_CREATED", "ACCESS_RIGHT_GRANTED", "SELF_REGISTRATION_APPROVED"]


@pytest.mark.parametrize("category", WorkRelationCategory)
async def test_an_approval_sets_the_category(cast: Cast, task: SelfRegistration, category: WorkRelationCategory):
    await approve(cast, task, await approval_with_period(category=category))
    assert (await WorkRelation.get(user_id=task.applicant_id)).category is category


async def test_an_approved_right_gives_no_access_after_the_last_day(cast: Cast, task: SelfRegistration):
    await approve(cast, task, await approval_with_period())
    yesterday = await rows.today() - timedelta(days=1)
    first = yesterday - timedelta(days=1)
    await WorkRelationPeriod.filter(user_id=task.applicant_id).update(
        valid_from=first, counted_from=first, valid_until=yesterday
    )
    assert (await Standing.of(Actor(user_id=task.applicant_id))).acts_for == []


async def test_an_approval_without_a_work_relation_requires_a_period(cast: Cast, task: SelfRegistration):
    today = await rows.today()
    async with assert_refused(Required, "validUntil"):
        await approve(cast, task, Approval(BOTH, valid_from=today))
    async with assert_refused(Required, "validFrom"):
        await approve(cast, task, Approval(BOTH, valid_until=today))
    async with assert_refused(Required, "validUntil"):
        expired = await approval_with_period(valid_until=None)
        await approve(cast, task, expired)


async def test_the_period_is_at_most_four_years(cast: Cast, task: SelfRegistration):
    today = await rows.today()
    too_late, latest = today + timedelta(days=1461), latest_day(today)
    async with assert_refused(WorkRelationTooLong, "validUntil", asked=too_late, latest=latest):
        await approve(cast, task, await approval_with_period(valid_until=too_late))


@pytest.mark.parametrize("begins", [-10, 10])
async def test_an_approval_with_a_work_relation_needs_no_period(cast: Cast, task: SelfRegistration, begins: int):
    first = await rows.today() + timedelta(days=begins)
    relation = await rows.a_work_relation(
        cast.people["newcomer"], cast.organisation, first, first + timedelta(days=90), email="old@aannemer.example"
    )
    _, right = await approve(cast, task, Approval([Role.USER], reason=" Werfleider "))
    assert (right.work_relation_id, right.reason, await roles_of(right)) == (relation.id, "Werfleider", [Role.USER])
    await relation.refresh_from_db()
    assert relation.email == "old@aannemer.example"


async def test_an_approval_with_an_expired_work_relation_requires_a_period(cast: Cast, task: SelfRegistration):
    today = await rows.today()
    await rows.a_work_relation(
        cast.people["newcomer"], cast.organisation, today - timedelta(days=90), today - timedelta(days=1)
    )
    async with assert_refused(Required, "validUntil"):
        await approve(cast, task, await approval_with_period(valid_until=None))
    await approve(cast, task, await approval_with_period())


async def test_a_period_is_refused_when_there_is_a_work_relation(cast: Cast, task: SelfRegistration):
    today = await rows.today()
    await rows.a_work_relation(cast.people["newcomer"], cast.organisation, today, today)
    async with assert_refused(WorkRelationExists, "validFrom", first_day=today, last_day=today):
        await approve(cast, task, await approval_with_period())


async def test_approved_roles_are_added_to_an_existing_right(cast: Cast):
    task = await rows.a_self_registration(cast.organisation, cast.people["user"], Role.ADMINISTRATOR)
    before = await AccessRight.get(work_relation=cast.relations["user"])

    _, right = await approve(cast, task, Approval([Role.ADMINISTRATOR]))

    assert (right.id, right.version, await roles_of(right)) == (before.id, 2, sorted(BOTH))


async def test_an_approval_after_a_revocation_grants_a_new_right(cast: Cast):
    relation = await cast.a_colleague()
    revoked = await rows.a_right(relation, revoked_at=await rows.now())
    task = await rows.a_self_registration(cast.organisation, await relation.user, Role.USER)
    _, right = await approve(cast, task, Approval([Role.USER]))
    assert right.id != revoked.id
    assert right.work_relation_id == relation.id


async def test_the_approved_roles_are_a_part_of_the_requested_ones(cast: Cast, task: SelfRegistration):
    async with assert_refused(Required, "roles"):
        await approve(cast, task, Approval([], valid_from=await rows.today(), valid_until=await rows.today()))
    async with assert_refused(GivenTwice, "roles", "1", what=Role.USER):
        await approve(cast, task, await approval_with_period(Role.USER, Role.USER))
    _, right = await approve(cast, task, await approval_with_period(Role.USER))
    assert await roles_of(right) == [Role.USER]
    other_task = await rows.a_self_registration(cast.organisation, None, Role.USER)
    async with assert_refused(RoleNotRequested, "roles", "0", possible=[Role.USER]):
        await approve(cast, other_task, await approval_with_period(Role.ADMINISTRATOR))


async def test_a_request_can_be_rejected_with_a_reason(cast: Cast, task: SelfRegistration):
    for blank in ("", " \n"):
        async with assert_refused(Required, "reason"):
            await reject_self_registration(actor=cast.actors["manager"], task_id=task.id, reason=blank)
    decided = await reject_self_registration(actor=cast.actors["manager"], task_id=task.id, reason="Niet gekend")
    assert (decided.status, decided.decision_reason) == (TaskStatus.REJECTED, "Niet gekend")
    assert not await WorkRelation.filter(user_id=task.applicant_id).exists()
    entry = await AuditEntry.get(action="SELF_REGISTRATION_REJECTED")
    assert (entry.actor_id, entry.reason) == (cast.people["manager"].id, "Niet gekend")


@pytest.mark.parametrize("rejected", [False, True])
async def test_of_concurrent_decisions_the_second_is_refused_with_who_decided_and_when(
    cast: Cast, task: SelfRegistration, *, rejected: bool
):
    async def reject(who: str) -> SelfRegistration:
        return await reject_self_registration(actor=cast.actors[who], task_id=task.id, reason="Niet gekend")

    approval = await approval_with_period()
    second = reject("main-manager") if rejected else approve(cast, task, approval, "main-manager")
    outcomes = await run_while_locked(task, approve(cast, task, approval), second)

    [refusal] = [outcome for outcome in outcomes if isinstance(outcome, AlreadyDecided)]
    await task.refresh_from_db()
    assert refusal.facts["decided_at"] == task.decided_at
    assert refusal.facts["decided_by"].id == task.decided_by_id
    assert refusal.path == ("id",)
    assert await AccessRight.filter(work_relation__user_id=task.applicant_id).count() == (
        1 if task.status is TaskStatus.APPROVED else 0
    )


async def test_a_request_closed_by_a_merge_is_refused_as_decided_by_the_system(cast: Cast, task: SelfRegistration):
    """A merge of two people closes one of their two requests."""
    decision = {"status": TaskStatus.REJECTED, "decided_at": await rows.now(), "decision_reason": "Samengevoegd"}
    await SelfRegistration.filter(id=task.id).update(**decision)

    with pytest.raises(AlreadyDecided) as raised:
        await approve(cast, task, await approval_with_period())
    assert (raised.value.facts["decided_by"], raised.value.facts["name"]) == (None, "e-Contracting")


@pytest.mark.parametrize("who", MANAGERS)
async def test_nobody_approves_their_own_request(cast: Cast, who: str):
    own = await rows.a_self_registration(cast.organisation, cast.people[who], Role.USER)
    async with assert_refused(NobodyHelpsThemselves, "id"):
        await approve(cast, own, await approval_with_period(Role.USER), who)
    async with assert_refused(NobodyHelpsThemselves, "id"):
        await reject_self_registration(actor=cast.actors[who], task_id=own.id, reason="Toch niet")


@pytest.mark.parametrize("who", ["admin", "user", "outsider", "newcomer", "machine", "nobody"])
async def test_nobody_else_decides(cast: Cast, task: SelfRegistration, who: str):
    kind, path = (Forbidden, ()) if who == "newcomer" else (NotFound, ("id",))
    for status in (TaskStatus.OPEN, TaskStatus.REJECTED):
        if status is not TaskStatus.OPEN:
            await reject_self_registration(actor=cast.actors["manager"], task_id=task.id, reason="Niet gekend")
        async with assert_refused(kind, *path):
            await approve(cast, task, await approval_with_period(), who)
        async with assert_refused(kind, *path):
            await reject_self_registration(actor=cast.actors[who], task_id=task.id, reason="Neen")
