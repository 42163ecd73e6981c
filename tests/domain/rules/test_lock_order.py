"""No two operations deadlock: each acquires its locks in the order of decision 0049."""

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


async def merge(source: User, target: User) -> User:
    return await merge_people(
        actor=OPERATOR,
        old_number=unsealed_number(source),
        new_number=unsealed_number(target),
        reason="Dezelfde persoon",
    )


MANY = """insert into delivery (routing_id, organisation_id, address, message_id)
  select routing_id, organisation_id, 'adres-' || n || '@werken.example', '<' || n || '@werken.example>'
  from delivery, generate_series(1, 3000) n where id = $1"""


async def add_many_deliveries(mail: Delivery) -> None:
    """Adds so many deliveries beside this one that PostgreSQL looks each up by its key."""
    await database().execute_query(MANY, [mail.id])
    await execute_as_owner("analyze delivery")


async def claim_in_reverse(*mails: Delivery) -> list[DeliveryClaim]:
    """Claims these deliveries, updated in reverse, so that a scan of the table finds them in the other order."""
    for mail in reversed(mails):
        await Delivery.filter(id=mail.id).update(status="SENDING", attempts=1)
    return [DeliveryClaim(mail.id, 1, 0, 0, "aannemer.example") for mail in mails]


async def settle_as_sent(claims: list[DeliveryClaim]) -> dict[int, SettledDelivery]:
    return await settle([Settlement(claim, Outcome(Verdict.SENT)) for claim in claims])


@pytest.mark.parametrize("first", ["worker", "erasure"])
async def test_settling_deliveries_and_erasing_their_person(first: str):
    former = await a_former_colleague()
    mails = [await rows.a_delivery(user=former.user) for _ in range(3)]
    claims = await claim_in_reverse(*mails)
    await add_many_deliveries(mails[0])
    operations = [settle_as_sent(claims), erase(former.number)]

    outcomes = await run_while_locked(mails[0], *(operations if first == "worker" else reversed(operations)))

    assert [outcome for outcome in outcomes if isinstance(outcome, BaseException)] == []
    stored = await Delivery.filter(id__in=[mail.id for mail in mails])
    expected = "SENT" if first == "worker" else "FAILED"
    assert {(mail.status, mail.address) for mail in stored} == {(expected, None)}


async def test_two_workers_that_withdraw_deliveries_of_the_same_letters():
    letters = [await rows.a_letter() for _ in range(2)]
    our_deliveries = [await rows.a_delivery(letter=letter) for letter in letters]
    other_deliveries = [await rows.a_delivery(letter=letter) for letter in reversed(letters)]

    outcomes = await run_while_locked(
        letters[1],
        withdraw(await claim_in_reverse(*our_deliveries)),
        withdraw(await claim_in_reverse(*other_deliveries)),
    )

    assert outcomes == [{mail.id for mail in our_deliveries}, {mail.id for mail in other_deliveries}]
    assert await Letter.filter(withdrawn_at=None).count() == 0


async def test_revoking_a_right_while_its_grantor_is_merged(cast: Cast):
    source, target = cast.people["manager"], await rows.a_user()
    right = await AccessRight.get(work_relation_id=cast.relations["user"].id)
    await AccessRight.filter(id=right.id).update(granted_by_id=source.id)
    contract = await rows.a_contract(cast.organisation)
    for who in (source, cast.people["user"]):
        await rows.an_action(contract, assignee=who)

    # The revocation holds the right, and has not locked the actions yet.
    role = await AccessRightRole.get(access_right_id=right.id)
    outcomes = await run_while_locked(role, revoke(cast, right), merge(source, target))

    assert outcomes == [right, target]
    stored = await AccessRight.get(id=right.id)
    assert (stored.granted_by_id, stored.revoked_by_id) == (target.id, target.id)
    assert [action.status for action in await Action.all()] == ["OPEN", "OPEN"]


async def test_merging_a_manager_who_revokes_a_right(cast: Cast):
    source, target = cast.people["manager"], await rows.a_user()
    right = await AccessRight.get(work_relation_id=cast.relations["user"].id)
    contract = await rows.a_contract(cast.organisation)
    for who in (source, cast.people["user"]):
        await rows.an_action(contract, assignee=who)
    mail = await rows.a_delivery(user=source)

    # The merge holds the actions, and has not locked the mail yet.
    outcomes = await run_while_locked(mail, merge(source, target), revoke(cast, right))

    assert outcomes == [target, right]
    assert [action.status for action in await Action.all()] == ["OPEN", "OPEN"]


async def test_creating_a_group_while_an_appointee_is_merged(cast: Cast):
    source, target = await rows.a_user(id=2**52), await rows.a_user(id=2**52 + 1)
    await rows.a_work_relation(source, cast.organisation)
    appointment = appoint_access_manager(
        actor=cast.actors["legal"],
        organisation_id=cast.organisation.id,
        user_id=source.id,
        kind=AccessMandateKind.ACCESS_MANAGER,
    )
    creation = create_group(
        actor=cast.actors["admin"], organisation_id=cast.organisation.id, new=NewGroup("Ploeg Zuid", "Werf Zuid")
    )

    # The merge holds the source, the appointment the organisation, the creation the lock on the group names.
    outcomes = await run_behind_lock(
        f"select from person where id = {target.id} for update", merge(source, target), appointment, creation
    )

    assert [type(outcome) for outcome in outcomes] == [User, NotFound, GroupChange]


async def test_operations_that_write_to_the_audit_logs_of_several_organisations():
    first, second = await rows.an_organisation(), await rows.an_organisation()
    person, number = await rows.a_user(), rows.a_national_number()
    await a_registered_person(number)
    long_ago = await rows.now() - timedelta(hours=HOURS + 1)
    for age, organisation in enumerate((first, second)):
        await rows.a_work_relation(person, organisation)
        draft = await rows.a_document(await rows.a_contract(organisation), DocumentStatus.DRAFT)
        await rows.an_attachment(draft, created_at=long_ago - age * timedelta(hours=1))
    renumbering = renumber_person(
        actor=OPERATOR, old_number=unsealed_number(person), new_number=number, reason="BIS-nummer"
    )

    log = f"select pg_advisory_xact_lock(hashtextextended('audit_link:{first.id}', 0))"
    outcomes = await run_behind_lock(log, renumbering, give_up_uploads(), waiting=2)

    assert outcomes == [person, 2]


async def test_writing_warnings_to_a_person_who_is_merged():
    source, target, last_day = await rows.a_user(), await rows.a_user(), await rows.today() + timedelta(days=7)
    relations = [
        await rows.a_work_relation(source, None, last_day - timedelta(days=90), last_day, email="jo@aannemer.example")
        for _ in range(2)
    ]
    for relation in reversed(relations):
        await rows.a_right(relation, granted_at=await rows.now() - timedelta(days=80))

    outcomes = await run_while_locked(relations[0], merge(source, target), write_expiry_warnings())

    assert outcomes == [target, 2]
    assert {mail.user_id for mail in await Delivery.all()} == {target.id}


async def test_routing_to_two_people_who_are_merged():
    source, target = await rows.a_user(id=1, subject="vo-1"), await rows.a_user(id=2)
    contract = await rows.a_contract()
    organisation = await contract.organisation
    await rows.a_right(await rows.a_work_relation(target, organisation, email="b@aannemer.example"), Role.ADMINISTRATOR)
    await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE, source, organisation, email="a@aannemer.example")
    notification = await rows.a_notification(contract, attempt=1)
    routing = route_notification(notification.id, attempt=1, message_domain="e-contracting.example")

    # The merge has reached the update of the target.
    lock = f"select from person where id = {target.id} for key share"
    merged, decision = await run_behind_lock(lock, merge(source, target), routing)

    assert (merged, decision.level) == (target, NotificationLevel.ADMINISTRATOR)
    stored = await Delivery.all().order_by("id")
    assert [(mail.address, mail.user_id) for mail in stored] == [
        ("b@aannemer.example", target.id),
        ("a@aannemer.example", target.id),
    ]


async def test_routing_to_two_people_while_keys_are_rotated(environment: Environment):
    organisation = await rows.an_organisation()
    administrators = [await rows.a_user(id=key) for key in (2, 1)]
    await rows.a_right(await rows.a_work_relation(administrators[0], organisation), Role.ADMINISTRATOR)
    await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE, administrators[1], organisation, email="a@b.example")
    notification = await rows.a_notification(await rows.a_contract(organisation), attempt=1)
    use(environment, BOTH)

    # The rotation has reached the person to whom the first mail is written.
    lock = "select from person where id = 2 for key share"
    rotated, decision = await run_behind_lock(
        lock, rotate_keys(actor=OPERATOR), route_notification(notification.id, attempt=1, message_domain="e.example")
    )

    assert (rotated.people, len(decision.recipients)) == (2, 2)
    assert [mail.user_id for mail in await Delivery.all().order_by("id")] == [2, 1]


async def test_two_managers_who_add_each_other():
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
