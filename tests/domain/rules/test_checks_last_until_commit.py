"""What a rule has checked stays true until its commit: concurrent changes wait, or see what the rule did."""

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
from tests.domain.rules.concurrency import run_behind_lock, run_while_locked, wait_until_blocked, wait_until_blocked_by
from tests.domain.rules.erased_person import a_former_colleague, erase
from tests.domain.rules.rights import revoke
from tests.domain.rules.team import Team, a_team
from tests.domain.rules.test_lock_order import merge
from tests.domain.rules.test_self_registration import request

pytestmark = pytest.mark.usefixtures("registers")


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member, who has an action."""
    return await a_team(cast)


async def test_an_action_opened_while_a_member_is_removed_is_not_assigned_to_them(team: Team):
    drafter = await rows.a_person_with_right(team.cast.organisation)
    await rows.a_membership(team.group, drafter)

    async def open_and_assign() -> Action:
        action, actor = await rows.an_action(team.contract), team.cast.actor_of(drafter)
        return await assign_action(actor=actor, action_id=action.id, version=1, user_id=team.member.user_id)

    # The update has released the member's actions, and waits for the audit log before it commits.
    log = f"select pg_advisory_xact_lock(hashtextextended('audit_link:{team.cast.organisation.id}', 0))"
    update = team.update(member_user_ids=[drafter.user_id])
    _, refusal = await run_behind_lock(log, update, open_and_assign(), waiting=2)

    assert isinstance(refusal, AssigneeWithoutAccess)
    assert [action.status for action in await Action.all()] == ["OPEN", "OPEN"]


async def test_a_contract_ends_after_its_members_were_set(team: Team):
    specific = await rows.a_person_with_right(team.cast.organisation)
    membership = await rows.a_membership(team.group, specific, team.link)
    action = await rows.an_action(team.contract, assignee=await specific.user)
    update = set_contract_specific_members(
        actor=team.cast.actors["admin"], group_link_id=team.link.id, version=1, user_ids=[]
    )
    authority = Actor(authority_id=team.contract.contracting_authority_id, name="Systeem")
    ending = end_contract(actor=authority, contract_id=team.contract.id, reason="Opgeleverd")

    # The members' change has checked that the contract is running.
    outcomes = await run_behind_lock(f"select from membership where id = {membership.id} for update", update, ending)

    assert [type(outcome) for outcome in outcomes] == [SpecificMembersChange, Contract]
    await action.refresh_from_db()
    assert (action.status, (await Contract.get(id=team.contract.id)).ended_at is None) == ("OPEN", False)


async def test_a_mandate_that_is_being_ended_keeps_its_reason_when_its_holder_is_appointed_again(cast: Cast):
    today, person = await rows.today(), await rows.a_user()
    await rows.a_work_relation(person, cast.organisation, today - timedelta(90), today - timedelta(9))
    mandate = await rows.a_mandate(AccessMandateKind.ACCESS_MANAGER, person, cast.organisation)
    await rows.a_work_relation(person, cast.organisation, today, today + timedelta(90))
    ending = dismiss_access_manager(actor=cast.actors["main-manager"], mandate_id=mandate.id, reason="Uit dienst")
    appointment = appoint_access_manager(
        actor=cast.actors["legal"],
        organisation_id=cast.organisation.id,
        user_id=person.id,
        kind=AccessMandateKind.ACCESS_MANAGER,
    )

    _, new = await run_while_locked(mandate, ending, appointment)

    await mandate.refresh_from_db()
    assert (new.user_id, new.ended_at) == (person.id, None)
    assert (mandate.end_reason, mandate.ended_by_id) == ("Uit dienst", cast.people["main-manager"].id)


async def test_an_address_that_is_being_written_is_erased_with_its_person():
    former = await a_former_colleague()
    organisation = await rows.an_organisation()
    mandate = await rows.a_mandate(
        AccessMandateKind.LEGAL_REPRESENTATIVE, former.user, organisation, email="wilhelmina@elders.example"
    )
    notification = await rows.a_notification(await rows.a_contract(organisation), attempt=1)

    async def end_mandate_and_erase() -> None:
        await AccessMandate.filter(id=mandate.id).update(ended_at=await rows.now(), end_reason="Weg")
        await erase(former.number)

    # The routing has read the address, and has not written the delivery yet.
    routing = route_notification(notification.id, attempt=1, message_domain="e-contracting.example")
    decision, _ = await run_while_locked(organisation, routing, end_mandate_and_erase())

    assert decision.level is NotificationLevel.ADMINISTRATOR
    delivery = await Delivery.get(routing__notification_id=notification.id)
    assert (delivery.address, delivery.status, delivery.last_error) == (None, "FAILED", NEVER_SENT)


async def test_a_sign_in_during_a_merge_does_not_sign_in_the_source():
    number = rows.a_national_number()
    source, target = await rows.a_user(national_number=number), await rows.a_user()
    claims = person_claims({"rrn": number, "vo_id": "vo-1", "given_name": "Jo", "family_name": "Maes"})

    _, signed_in = await run_while_locked(source, merge(source, target), update_user(claims))

    assert signed_in.id not in {source.id, target.id}
    assert (signed_in.subject, (await User.get(id=source.id)).subject) == ("vo-1", None)


async def test_a_session_begun_during_a_merge_is_unauthenticated():
    source, target = await rows.a_user(), await rows.a_user()

    _, token = await run_while_locked(source, merge(source, target), sessions.begin(source.id, None))

    assert await sessions.resume(token) == NOBODY
    assert not await Session.exists()


async def test_revoking_a_right_locks_the_person_it_was_merged_into(cast: Cast):
    source, target = cast.people["user"], await rows.a_user()
    right = await AccessRight.get(work_relation_id=cast.relations["user"].id)
    role = await AccessRightRole.get(access_right_id=right.id)
    merging, slow = [await asyncpg.connect(str(settings().database_url)) for _ in range(2)]
    async with slow.transaction():
        # The revocation will hold its locks and then wait for the role.
        await slow.execute(f"select from access_right_role where id = {role.id} for update")
        async with merging.transaction():
            await merging.execute(f"select from person where id = {source.id} for update")
            merging_task = asyncio.ensure_future(merge(source, target))
            await wait_until_blocked(merging_task)
            revocation = asyncio.ensure_future(revoke(cast, right))
            await wait_until_blocked(merging_task, revocation)
        await merging_task
        await wait_until_blocked_by(slow)
        unlocked = await merging.fetch(f"select from person where id = {target.id} for no key update skip locked")
    assert (await revocation, unlocked) == (right, [])
    await asyncio.gather(merging.close(), slow.close())


async def test_a_person_who_is_being_merged_requests_nothing(cast: Cast):
    source, target = cast.people["newcomer"], await rows.a_user()

    _, refusal = await run_while_locked(source, merge(source, target), request(cast))

    assert isinstance(refusal, Forbidden)
    assert not await SelfRegistration.exists()


async def test_a_mail_that_is_retried_during_a_second_routing_is_considered_when_it_fails_again():
    organisation = await rows.an_organisation(email="firma@werken.example")
    notification = await rows.a_notification(await rows.a_contract(organisation), status="ROUTED")
    routing = await rows.a_routing(notification, level=NotificationLevel.GROUP)
    first, second = [await rows.a_delivery(routing, status=status) for status in ("FAILED", "SENDING")]
    failing, slow = [await asyncpg.connect(str(settings().database_url)) for _ in range(2)]
    async with slow.transaction():
        # The second routing will read its recipients and then wait for the organisation.
        await slow.execute(f"select from organisation where id = {organisation.id} for update")
        async with failing.transaction():
            # The second routing has selected the first failed delivery; now the second one fails.
            await failing.execute(f"select from delivery where id = {first.id} for update")
            routing_run = asyncio.ensure_future(route_undelivered("e-contracting.example"))
            await wait_until_blocked(routing_run)
            await failing.execute(f"update delivery set status = 'FAILED' where id = {second.id}")
        await wait_until_blocked_by(slow)
        retry = asyncio.ensure_future(retry_as_operator(actor=OPERATOR, delivery_id=second.id))
        await wait_until_blocked(routing_run, retry)
    assert await routing_run == 2
    await retry
    await asyncio.gather(failing.close(), slow.close())
    await second.refresh_from_db()
    assert (second.status, second.weighed_at) == ("PENDING", None)
