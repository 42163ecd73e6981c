"""Of two concurrent operations on rights, mandates and work relations, one succeeds and the other is refused."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from domain.actor import Actor
from domain.models import (
    AccessMandate,
    AccessMandateKind,
    AccessRight,
    Role,
    User,
    WorkRelation,
    WorkRelationPeriod,
)
from domain.refusals import (
    MainAccessManagerTaken,
    MandateEnded,
    Refusal,
    RightGrantedAlready,
    RightRevoked,
    StaleVersion,
    WorkRelationOverlap,
)
from domain.rules.access_mandate import appoint_access_manager, dismiss_access_manager
from settings import settings
from tests import rows
from tests.access_cast import MAIN, Cast
from tests.domain.rules.concurrency import run_while_locked, single_refusal, wait_until_blocked
from tests.domain.rules.rights import change, grant, revoke
from tests.domain.rules.test_work_relation import create
from tests.domain.rules.work_relations import end, update

DAY = timedelta(days=1)


async def test_concurrent_grants_on_one_work_relation_create_one_right(cast: Cast):
    relation = await cast.a_colleague()

    outcomes = await run_while_locked(relation, grant(cast, relation, "manager"), grant(cast, relation, "main-manager"))

    refusal = single_refusal(outcomes, AccessRight)
    assert (type(refusal), refusal.code, refusal.path) == (RightGrantedAlready, "TAKEN", ("workRelationId",))
    assert await AccessRight.filter(work_relation_id=relation.id).count() == 1


@pytest.mark.parametrize("shift", [0, 50, 99])
async def test_concurrent_work_relations_on_the_same_days_create_one(cast: Cast, shift: int):
    stranger, today = await cast.a_stranger(), await rows.today()

    outcomes = await run_while_locked(
        cast.organisation,
        create(cast, stranger, "manager"),
        create(cast, stranger, "main-manager", valid_from=today + shift * DAY),
    )

    refusal = single_refusal(outcomes, WorkRelation)
    assert (type(refusal), refusal.code, refusal.path) == (WorkRelationOverlap, "TAKEN", ("validFrom",))
    assert await WorkRelation.filter(user_id=stranger.id).count() == 1


async def test_a_concurrent_extension_and_new_work_relation_do_not_overlap(cast: Cast):
    today = await rows.today()
    relation = await cast.a_colleague(first_day=today, last_day=today + 9 * DAY)
    person = await User.get(id=relation.user_id)

    outcomes = await run_while_locked(
        person,
        update(cast, relation, "manager", valid_until=today + 20 * DAY),
        create(cast, person, "main-manager", valid_from=today + 10 * DAY),
    )

    refusal = single_refusal(outcomes, WorkRelation)
    assert (type(refusal), refusal.code) == (WorkRelationOverlap, "TAKEN")
    assert await WorkRelationPeriod.filter(user_id=person.id, valid_until__gt=today + 9 * DAY).count() == 1


async def test_concurrent_work_relations_on_different_days_are_both_created(cast: Cast):
    stranger, today = await cast.a_stranger(), await rows.today()
    outcomes = await run_while_locked(
        stranger,
        create(cast, stranger, "manager"),
        create(cast, stranger, "main-manager", valid_from=today + 100 * DAY),
    )
    assert [type(outcome) for outcome in outcomes] == [WorkRelation, WorkRelation]


async def test_concurrent_appointments_of_a_main_access_manager_create_one(cast: Cast):
    await dismiss_access_manager(
        actor=cast.actors["legal"], mandate_id=cast.mandates["main-manager"].id, reason="Wissel"
    )
    second = await rows.a_mandate(organisation=cast.organisation)
    people = [await cast.a_colleague(), await cast.a_colleague()]

    outcomes = await run_while_locked(
        cast.organisation,
        _appoint(cast, cast.people["legal"].id, people[0], MAIN),
        _appoint(cast, second.user_id, people[1], MAIN),
    )

    refusal = single_refusal(outcomes, AccessMandate)
    assert (type(refusal), refusal.code) == (MainAccessManagerTaken, "TAKEN")
    assert refusal.facts == {"name": "Sofie De Smet"}
    assert await AccessMandate.filter(organisation=cast.organisation, kind=MAIN, ended_at=None).count() == 1


async def _appoint(cast: Cast, actor_id: int, relation: WorkRelation, kind: AccessMandateKind) -> AccessMandate:
    return await appoint_access_manager(
        actor=Actor(user_id=actor_id), organisation_id=cast.organisation.id, user_id=relation.user_id, kind=kind
    )


async def test_concurrent_dismissals_end_a_mandate_once(cast: Cast):
    mandate = cast.mandates["manager"]
    outcomes = await run_while_locked(
        mandate,
        *(
            dismiss_access_manager(actor=cast.actors[who], mandate_id=mandate.id, reason=f"Door {who}")
            for who in ("legal", "main-manager")
        ),
    )
    assert isinstance(single_refusal(outcomes, AccessMandate), MandateEnded)


async def test_concurrent_revocations_revoke_a_right_once(cast: Cast):
    right = await grant(cast, await cast.a_colleague())
    outcomes = await run_while_locked(right, revoke(cast, right, "manager"), revoke(cast, right, "legal"))
    assert isinstance(single_refusal(outcomes, AccessRight), RightRevoked)


async def test_of_concurrent_changes_from_one_version_one_is_applied(cast: Cast):
    right = await grant(cast, await cast.a_colleague(), roles=[Role.ADMINISTRATOR])
    outcomes = await run_while_locked(right, change(cast, right, "manager"), change(cast, right, "legal"))
    assert isinstance(single_refusal(outcomes, AccessRight), StaleVersion)

    relation, today = await cast.a_colleague(), await rows.today()
    outcomes = await run_while_locked(
        relation,
        update(cast, relation, "manager", phone="03/123 45 67"),
        end(cast, relation, today, "main-manager"),
    )
    assert isinstance(single_refusal(outcomes, WorkRelation), StaleVersion)


async def test_an_appointment_does_not_block_a_grant_by_the_appointee(cast: Cast):
    """The legal representative appoints an access manager who grants a right at the same time."""
    relation, manager = await cast.a_colleague(), cast.relations["manager"]
    connection = await asyncpg.connect(str(settings().database_url))
    try:
        async with connection.transaction():
            # Blocks the appointment between its two locks: it holds the organisation, and waits for the person.
            await connection.execute(f"select from person where id = {manager.user_id} for no key update")
            appointment = asyncio.ensure_future(
                _appoint(cast, cast.people["legal"].id, manager, AccessMandateKind.ACCESS_MANAGER)
            )
            await wait_until_blocked(appointment)
            async with asyncio.timeout(60):
                assert isinstance(await grant(cast, relation, "manager"), AccessRight)
        with pytest.raises(Refusal):  # the manager has that mandate already
            await appointment
    finally:
        await connection.close()
