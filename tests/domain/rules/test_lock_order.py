"""No two acts wait for each other forever: each holds what it needs in the order of decision 0049."""

from datetime import timedelta

import pytest

from domain.actor import OPERATOR, Actor
from domain.database.connection import database
from domain.models import (
    AccessMandateKind,
    AccessRight,
    AccessRightRole,
    Action,
    Delivery,
    DocumentStatus,
    Letter,
    NotificationLevel,
    Role,
    User,
)
from domain.refusals import NotFound
from domain.rules.access_mandate import appoint_access_manager
from domain.rules.expiry_letters import write_expiry_warnings
from domain.rules.group import NewGroup, create_group
from domain.rules.group_change import GroupChange
from domain.rules.key_rotation import rotate_keys
from domain.rules.notification_routing import route_notification
from domain.rules.overdue_uploads import HOURS, give_up_uploads
from domain.rules.person import add_person
from domain.rules.person_correction import merge_people, renumber_person
from domain.sealed_national_number import unsealed_number
from tests import rows
from tests.access_cast import Cast
from tests.conftest import Environment
from tests.database_roles import execute_as_owner
from tests.domain.rules.concurrency import run_behind_lock, run_while_locked
from tests.domain.rules.erased_person import a_former_colleague, erase
from tests.domain.rules.rights import revoke
from tests.domain.rules.test_key_rotation import BOTH, use
from tests.rows.registers import a_registered_person
from workers.outbox.claimed_deliveries import SettledDelivery, Settlement, settle, withdraw
from workers.outbox.delivery_claims import DeliveryClaim
from workers.smtp.outcome import Outcome, Verdict

pytestmark = pytest.mark.usefixtures("registers")


async def merge(gone: User, stays: User) -> User:
    return await merge_people(
        actor=OPERATOR, old_number=unsealed_number(gone), new_number=unsealed_number(stays), reason="Dezelfde persoon"
    )


MANY = """insert into delivery (routing_id, organisation_id, address, message_id)
  select routing_id, organisation_id, 'adres-' || n || '@werken.example', '<' || n || '@werken.example>'
  from delivery, generate_series(1, 3000) n where id = $1"""


async def among_many(mail: Delivery) -> None:
    """Makes so many mails beside this one that PostgreSQL looks each up by its key."""
    await database().execute_query(MANY, [mail.id])
    await execute_as_owner("analyze delivery")


async def backwards(*mails: Delivery) -> list[DeliveryClaim]:
    """The claims of a worker that holds these mails, which PostgreSQL comes upon in the other order when it scans."""
    for mail in reversed(mails):
        await Delivery.filter(id=mail.id).update(status="SENDING", attempts=1)
    return [DeliveryClaim(mail.id, 1, 0, 0, "aannemer.example") for mail in mails]


async def sent(claims: list[DeliveryClaim]) -> dict[int, SettledDelivery]:
    return await settle([Settlement(claim, Outcome(Verdict.SENT)) for claim in claims])


@pytest.mark.parametrize("first", ["worker", "erasure"])
async def test_a_worker_that_settles_several_mails_of_somebody_who_is_erased(first: str):
    former = await a_former_colleague()
    mails = [await rows.a_delivery(user=former.user) for _ in range(3)]
    claims = await backwards(*mails)
    await among_many(mails[0])
    acts = [sent(claims), erase(former.number)]

    outcomes = await run_while_locked(mails[0], *(acts if first == "worker" else reversed(acts)))

    assert [outcome for outcome in outcomes if isinstance(outcome, BaseException)] == []
    kept = await Delivery.filter(id__in=[mail.id for mail in mails])
    expected = "SENT" if first == "worker" else "FAILED"
    assert {(mail.status, mail.address) for mail in kept} == {(expected, None)}


async def test_two_workers_that_take_back_mails_of_the_same_letters():
    letters = [await rows.a_letter() for _ in range(2)]
    ours = [await rows.a_delivery(letter=letter) for letter in letters]
    theirs = [await rows.a_delivery(letter=letter) for letter in reversed(letters)]

    outcomes = await run_while_locked(letters[1], withdraw(await backwards(*ours)), withdraw(await backwards(*theirs)))

    assert outcomes == [{mail.id for mail in ours}, {mail.id for mail in theirs}]
    assert await Letter.filter(withdrawn_at=None).count() == 0


async def test_a_right_is_revoked_by_its_giver_who_is_made_one_with_somebody(cast: Cast):
    gone, stays = cast.people["manager"], await rows.a_user()
    right = await AccessRight.get(work_relation_id=cast.relations["user"].id)
    await AccessRight.filter(id=right.id).update(granted_by_id=gone.id)
    contract = await rows.a_contract(cast.organisation)
    for who in (gone, cast.people["user"]):
        await rows.an_action(contract, assignee=who)

    # The revocation has the right, and has yet to come to the actions.
    role = await AccessRightRole.get(access_right_id=right.id)
    outcomes = await run_while_locked(role, revoke(cast, right), merge(gone, stays))

    assert outcomes == [right, stays]
    kept = await AccessRight.get(id=right.id)
    assert (kept.granted_by_id, kept.revoked_by_id) == (stays.id, stays.id)
    assert [action.status for action in await Action.all()] == ["OPEN", "OPEN"]


async def test_whoever_is_made_one_with_somebody_takes_rights_away_meanwhile(cast: Cast):
    gone, stays = cast.people["manager"], await rows.a_user()
    right = await AccessRight.get(work_relation_id=cast.relations["user"].id)
    contract = await rows.a_contract(cast.organisation)
    for who in (gone, cast.people["user"]):
        await rows.an_action(contract, assignee=who)
    mail = await rows.a_delivery(user=gone)

    # The merge has the actions, and has yet to come to the mail.
    outcomes = await run_while_locked(mail, merge(gone, stays), revoke(cast, right))

    assert outcomes == [stays, right]
    assert [action.status for action in await Action.all()] == ["OPEN", "OPEN"]


async def test_a_group_is_made_while_somebody_is_appointed_and_made_one_with_another(cast: Cast):
    gone, stays = await rows.a_user(id=2**52), await rows.a_user(id=2**52 + 1)
    await rows.a_work_relation(gone, cast.organisation)
    appointed = appoint_access_manager(
        actor=cast.actors["legal"],
        organisation_id=cast.organisation.id,
        user_id=gone.id,
        kind=AccessMandateKind.ACCESS_MANAGER,
    )
    group = create_group(
        actor=cast.actors["admin"], organisation_id=cast.organisation.id, new=NewGroup("Ploeg Zuid", "Werf Zuid")
    )

    # The merge has the one who goes, the appointment the organisation, the group its turn.
    outcomes = await run_behind_lock(
        f"select from person where id = {stays.id} for update", merge(gone, stays), appointed, group
    )

    assert [type(outcome) for outcome in outcomes] == [User, NotFound, GroupChange]


async def test_acts_that_write_in_the_logs_of_several_organisations_write_in_one_order():
    first, second = await rows.an_organisation(), await rows.an_organisation()
    person, number = await rows.a_user(), rows.a_national_number()
    await a_registered_person(number)
    long_ago = await rows.now() - timedelta(hours=HOURS + 1)
    for age, organisation in enumerate((first, second)):
        await rows.a_work_relation(person, organisation)
        draft = await rows.a_document(await rows.a_contract(organisation), DocumentStatus.DRAFT)
        await rows.an_attachment(draft, created_at=long_ago - age * timedelta(hours=1))
    renumbered = renumber_person(
        actor=OPERATOR, old_number=unsealed_number(person), new_number=number, reason="BIS-nummer"
    )

    log = f"select pg_advisory_xact_lock(hashtextextended('audit_link:{first.id}', 0))"
    outcomes = await run_behind_lock(log, renumbered, give_up_uploads(), waiting=2)

    assert outcomes == [person, 2]


async def test_warnings_are_written_to_somebody_who_is_made_one_with_another():
    gone, stays, soon = await rows.a_user(), await rows.a_user(), await rows.today() + timedelta(days=7)
    relations = [
        await rows.a_work_relation(gone, None, soon - timedelta(days=90), soon, email="jo@aannemer.example")
        for _ in range(2)
    ]
    for relation in reversed(relations):
        await rows.a_right(relation, granted_at=await rows.now() - timedelta(days=80))

    outcomes = await run_while_locked(relations[0], merge(gone, stays), write_expiry_warnings())

    assert outcomes == [stays, 2]
    assert {mail.user_id for mail in await Delivery.all()} == {stays.id}


async def test_two_who_get_one_mail_are_made_one():
    gone, stays = await rows.a_user(id=1, subject="vo-1"), await rows.a_user(id=2)
    contract = await rows.a_contract()
    organisation = await contract.organisation
    await rows.a_right(await rows.a_work_relation(stays, organisation, email="b@aannemer.example"), Role.ADMINISTRATOR)
    await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE, gone, organisation, email="a@aannemer.example")
    event = await rows.a_notification(contract, attempt=1)
    routed = route_notification(event.id, attempt=1, message_domain="e-contracting.example")

    # The merge has come to what the one who stays lacks.
    named = f"select from person where id = {stays.id} for key share"
    done, decision = await run_behind_lock(named, merge(gone, stays), routed)

    assert (done, decision.level) == (stays, NotificationLevel.ADMINISTRATOR)
    kept = await Delivery.all().order_by("id")
    assert [(mail.address, mail.user_id) for mail in kept] == [
        ("b@aannemer.example", stays.id),
        ("a@aannemer.example", stays.id),
    ]


async def test_two_who_get_one_mail_have_their_numbers_indexed_anew(environment: Environment):
    organisation = await rows.an_organisation()
    administrators = [await rows.a_user(id=key) for key in (2, 1)]
    await rows.a_right(await rows.a_work_relation(administrators[0], organisation), Role.ADMINISTRATOR)
    await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE, administrators[1], organisation, email="a@b.example")
    event = await rows.a_notification(await rows.a_contract(organisation), attempt=1)
    use(environment, BOTH)

    # The renewal has come to the one to whom a mail is written first.
    named = "select from person where id = 2 for key share"
    renewed, decision = await run_behind_lock(
        named, rotate_keys(actor=OPERATOR), route_notification(event.id, attempt=1, message_domain="e.example")
    )

    assert (renewed.people, len(decision.recipients)) == (2, 2)
    assert [mail.user_id for mail in await Delivery.all().order_by("id")] == [2, 1]


async def test_two_managers_who_add_each_other_do_not_wait_for_each_other_forever():
    managers = [await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE) for _ in range(2)]
    people = [await mandate.user for mandate in managers]
    for person in people:
        await a_registered_person(unsealed_number(person))
    adding = [
        add_person(
            actor=Actor(user_id=mandate.user_id),
            organisation_id=mandate.organisation_id,
            national_number=unsealed_number(other),
            language=None,
        )
        for mandate, other in zip(managers, reversed(people), strict=True)
    ]

    outcomes = await run_while_locked(people[0], *adding)

    assert outcomes == list(reversed(people))
