"""What an act has found stays so until it is committed: whoever would change it waits, or finds what the act did."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from domain.actor import NOBODY, OPERATOR, Actor
from domain.models import (
    AccessMandate,
    AccessMandateKind,
    AccessRight,
    AccessRightRole,
    Action,
    Contract,
    Delivery,
    NotificationLevel,
    SelfRegistration,
    Session,
    User,
)
from domain.refusals import AssigneeWithoutAccess, Forbidden
from domain.rules.access_mandate import appoint_access_manager, dismiss_access_manager
from domain.rules.assignment import assign_action
from domain.rules.contract import end_contract
from domain.rules.contract_specific_members import SpecificMembersChange, set_contract_specific_members
from domain.rules.delivery_retry import retry_as_operator
from domain.rules.notification_routing import route_notification
from domain.rules.personal_data_erasure import NEVER_SENT
from domain.rules.second_routing import route_undelivered
from identity import sessions
from identity.claims import person_claims
from identity.people import update_user
from settings import settings
from tests import rows
from tests.access_cast import Cast
from tests.domain.rules.concurrency import run_behind_lock, run_while_locked, until_blocked_by, until_waiting
from tests.domain.rules.erased_person import a_former_colleague, erase
from tests.domain.rules.rights import revoke
from tests.domain.rules.team import Team, a_team
from tests.domain.rules.test_lock_order import merge
from tests.domain.rules.test_self_registration import requested

pytestmark = pytest.mark.usefixtures("registers")


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member, who has an action."""
    return await a_team(cast)


async def test_an_action_that_comes_while_a_member_leaves_is_not_given_to_them(team: Team):
    drafter = await rows.a_person_with_right(team.cast.organisation)
    await rows.a_membership(team.group, drafter)

    async def opened_and_given() -> Action:
        action, actor = await rows.an_action(team.contract), team.cast.actor_of(drafter)
        return await assign_action(actor=actor, action_id=action.id, version=1, user_id=team.member.user_id)

    # What the member had was looked for, and is open again; that is about to be committed.
    log = f"select pg_advisory_xact_lock(hashtextextended('audit_link:{team.cast.organisation.id}', 0))"
    left = team.update(member_user_ids=[drafter.user_id])
    _, refusal = await run_behind_lock(log, left, opened_and_given(), waiting=2)

    assert isinstance(refusal, AssigneeWithoutAccess)
    assert [action.status for action in await Action.all()] == ["OPEN", "OPEN"]


async def test_a_contract_does_not_end_while_its_members_are_set(team: Team):
    specific = await rows.a_person_with_right(team.cast.organisation)
    membership = await rows.a_membership(team.group, specific, team.link)
    action = await rows.an_action(team.contract, assignee=await specific.user)
    left = set_contract_specific_members(
        actor=team.cast.actors["admin"], group_link_id=team.link.id, version=1, user_ids=[]
    )
    authority = Actor(authority_id=team.contract.contracting_authority_id, name="Systeem")
    ended = end_contract(actor=authority, contract_id=team.contract.id, reason="Opgeleverd")

    # The contract was found to run.
    outcomes = await run_behind_lock(f"select from membership where id = {membership.id} for update", left, ended)

    assert [type(outcome) for outcome in outcomes] == [SpecificMembersChange, Contract]
    await action.refresh_from_db()
    assert (action.status, (await Contract.get(id=team.contract.id)).ended_at is None) == ("OPEN", False)


async def test_a_mandate_that_is_being_ended_keeps_why_when_its_holder_comes_back(cast: Cast):
    today, person = await rows.today(), await rows.a_user()
    await rows.a_work_relation(person, cast.organisation, today - timedelta(90), today - timedelta(9))
    mandate = await rows.a_mandate(AccessMandateKind.ACCESS_MANAGER, person, cast.organisation)
    await rows.a_work_relation(person, cast.organisation, today, today + timedelta(90))
    ended = dismiss_access_manager(actor=cast.actors["main-manager"], mandate_id=mandate.id, reason="Uit dienst")
    appointed = appoint_access_manager(
        actor=cast.actors["legal"],
        organisation_id=cast.organisation.id,
        user_id=person.id,
        kind=AccessMandateKind.ACCESS_MANAGER,
    )

    _, new = await run_while_locked(mandate, ended, appointed)

    await mandate.refresh_from_db()
    assert (new.user_id, new.ended_at) == (person.id, None)
    assert (mandate.end_reason, mandate.ended_by_id) == ("Uit dienst", cast.people["main-manager"].id)


async def test_an_address_that_is_being_frozen_is_erased_with_its_person():
    former = await a_former_colleague()
    organisation = await rows.an_organisation()
    mandate = await rows.a_mandate(
        AccessMandateKind.LEGAL_REPRESENTATIVE, former.user, organisation, email="wilhelmina@elders.example"
    )
    event = await rows.a_notification(await rows.a_contract(organisation), attempt=1)

    async def left_and_erased() -> None:
        await AccessMandate.filter(id=mandate.id).update(ended_at=await rows.now(), end_reason="Weg")
        await erase(former.number)

    # The address was found, and is not written yet.
    routed = route_notification(event.id, attempt=1, message_domain="e-contracting.example")
    decision, _ = await run_while_locked(organisation, routed, left_and_erased())

    assert decision.level is NotificationLevel.ADMINISTRATOR
    frozen = await Delivery.get(routing__notification_id=event.id)
    assert (frozen.address, frozen.status, frozen.last_error) == (None, "FAILED", NEVER_SENT)


async def test_whoever_signs_in_while_they_are_made_one_with_somebody_is_not_who_went():
    number = rows.a_national_number()
    gone, stays = await rows.a_user(national_number=number), await rows.a_user()
    claims = person_claims({"rrn": number, "vo_id": "vo-1", "given_name": "Jo", "family_name": "Maes"})

    _, signed_in = await run_while_locked(gone, merge(gone, stays), update_user(claims))

    assert signed_in.id not in {gone.id, stays.id}
    assert (signed_in.subject, (await User.get(id=gone.id)).subject) == ("vo-1", None)


async def test_a_session_that_begins_when_its_person_is_made_one_with_somebody_is_nobodys():
    gone, stays = await rows.a_user(), await rows.a_user()

    _, token = await run_while_locked(gone, merge(gone, stays), sessions.begin(gone.id, None))

    assert await sessions.resume(token) == NOBODY
    assert not await Session.exists()


async def test_whose_a_right_has_become_meanwhile_is_held_with_it(cast: Cast):
    gone, stays = cast.people["user"], await rows.a_user()
    right = await AccessRight.get(work_relation_id=cast.relations["user"].id)
    role = await AccessRightRole.get(access_right_id=right.id)
    merging, slow = [await asyncpg.connect(str(settings().database_url)) for _ in range(2)]
    async with slow.transaction():
        # The revocation has what it needs, and has yet to come to the role.
        await slow.execute(f"select from access_right_role where id = {role.id} for update")
        async with merging.transaction():
            await merging.execute(f"select from person where id = {gone.id} for update")
            merged = asyncio.ensure_future(merge(gone, stays))
            await until_waiting(merged)
            revoked = asyncio.ensure_future(revoke(cast, right))
            await until_waiting(merged, revoked)
        await merged
        await until_blocked_by(slow)
        free = await merging.fetch(f"select from person where id = {stays.id} for no key update skip locked")
    assert (await revoked, free) == (right, [])
    await asyncio.gather(merging.close(), slow.close())


async def test_nothing_is_asked_for_by_who_was_made_one_with_somebody(cast: Cast):
    gone, stays = cast.people["newcomer"], await rows.a_user()

    _, refusal = await run_while_locked(gone, merge(gone, stays), requested(cast))

    assert isinstance(refusal, Forbidden)
    assert not await SelfRegistration.exists()


async def test_a_mail_that_fails_and_is_tried_again_while_others_are_weighed_is_weighed_when_it_fails_again():
    organisation = await rows.an_organisation(email="firma@werken.example")
    event = await rows.a_notification(await rows.a_contract(organisation), status="ROUTED")
    routing = await rows.a_routing(event, level=NotificationLevel.GROUP)
    first, second = [await rows.a_delivery(routing, status=status) for status in ("FAILED", "SENDING")]
    failing, slow = [await asyncpg.connect(str(settings().database_url)) for _ in range(2)]
    async with slow.transaction():
        # Whoever is mailed next is known, and not written down yet.
        await slow.execute(f"select from organisation where id = {organisation.id} for update")
        async with failing.transaction():
            # The first one's failure was found, and the second one's comes.
            await failing.execute(f"select from delivery where id = {first.id} for update")
            weighing = asyncio.ensure_future(route_undelivered("e-contracting.example"))
            await until_waiting(weighing)
            await failing.execute(f"update delivery set status = 'FAILED' where id = {second.id}")
        await until_blocked_by(slow)
        again = asyncio.ensure_future(retry_as_operator(actor=OPERATOR, delivery_id=second.id))
        await until_waiting(weighing, again)
    assert await weighing == 2
    await again
    await asyncio.gather(failing.close(), slow.close())
    await second.refresh_from_db()
    assert (second.status, second.weighed_at) == ("PENDING", None)
