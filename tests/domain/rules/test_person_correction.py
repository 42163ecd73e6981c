"""An operator renumbers a person or merges two: nothing is lost, and nothing is duplicated."""

import asyncio
from datetime import timedelta

import pytest

from domain.actor import OPERATOR, Actor
from domain.models import (
    AccessMandate,
    AccessMandateKind,
    AuditEntry,
    DocumentLevel,
    Introduction,
    Membership,
    MembershipKind,
    Notification,
    Role,
    SelfRegistration,
    Session,
    TaskStatus,
    User,
    WorkRelation,
    WorkRelationPeriod,
)
from domain.refusals import (
    NationalNumberInvalid,
    NumberTaken,
    PersonNotKnownHere,
    PersonUnknown,
    Required,
    SamePerson,
    WorkRelationsOverlap,
    WorkRelationsOverlapped,
)
from domain.rules.contract_groups import set_contract_groups
from domain.rules.key_rotation import RotatedKeys, rotate_keys
from domain.rules.person_correction import merge_people, renumber_person
from domain.rules.person_merge import LOCKED_AFTER_ACTIONS, LOCKED_AFTER_ORGANISATIONS, LOCKED_FIRST, references
from domain.sealed_national_number import has_number, unsealed_number
from domain.standing import Standing
from tests import rows
from tests.conftest import Environment
from tests.domain.rules.concurrency import run_while_locked
from tests.domain.rules.test_key_rotation import BOTH, use
from tests.domain.test_references import references as every_reference
from tests.refusals import assert_refused
from tests.rows.registers import a_registered_person
from tests.table_contents import read_tables

pytestmark = pytest.mark.usefixtures("registers")
REASON = "BIS-nummer werd rijksregisternummer"


async def renumber(old: str, new: str, reason: str = REASON) -> User:
    return await renumber_person(actor=OPERATOR, old_number=old, new_number=new, reason=reason)


async def merge(old: str, new: str, reason: str = REASON) -> User:
    return await merge_people(actor=OPERATOR, old_number=old, new_number=new, reason=reason)


async def two_people() -> tuple[User, str, User, str]:
    old, new = rows.a_national_number(), rows.a_national_number()
    return await rows.a_user(national_number=old), old, await rows.a_user(national_number=new), new


async def test_a_renumbered_person_keeps_their_user_and_work_relations():
    old, new = rows.a_national_number(), "85073003328"
    user = await rows.a_user(national_number=old)
    relation = await rows.a_work_relation(user)
    await a_registered_person(new, given_name="Jo", family_name="Maes")

    renumbered = await renumber(old, "85.07.30-033.28")

    assert renumbered.id == user.id
    assert not await User.filter(has_number(old)).exists()
    person = await User.get(has_number(new))
    assert (person.id, person.full_name, unsealed_number(person)) == (user.id, "Jo Maes", new)
    assert (await WorkRelation.get(id=relation.id)).user_id == user.id
    entry = await AuditEntry.get(action="PERSON_RENUMBERED", organisation=None)
    assert (entry.subject_id, entry.reason, entry.actor_name) == (user.id, REASON, "operator")


async def test_an_invalid_renumbering_is_refused():
    _, old, _, new = await two_people()
    async with assert_refused(PersonUnknown, "newNumber"):
        await renumber(old, new)
    await a_registered_person(new)
    async with assert_refused(NumberTaken, "newNumber"):
        await renumber(old, new)
    free = rows.a_national_number()
    await a_registered_person(free)
    async with assert_refused(PersonNotKnownHere, "oldNumber"):
        await renumber(rows.a_national_number(), free)
    async with assert_refused(NationalNumberInvalid, "oldNumber"):
        await renumber("1", free)
    async with assert_refused(Required, "reason"):
        await renumber(old, free, " ")


async def test_every_reference_to_a_person_is_moved_by_a_merge_with_known_exceptions():
    references_to_people = {(table, column) for table, column, target in every_reference() if target == "person"}
    not_moved = {
        ("audit_entry", "actor_id"),
        ("personal_key", "user_id"),
        ("work_relation_period", "user_id"),
        ("membership", "user_id"),
    }
    assert set(references()) == references_to_people - not_moved


async def test_every_referring_table_is_locked_by_a_merge():
    locked = (*LOCKED_FIRST, *LOCKED_AFTER_ORGANISATIONS, "action", *LOCKED_AFTER_ACTIONS)
    # People who were merged into the source before are locked with it.
    assert sorted(locked) == sorted({table for table, _ in references()} - {"person"})


async def test_the_target_gets_everything_of_the_source():
    source, old, target, new = await two_people()
    organisation, other_organisation = await rows.an_organisation(), await rows.an_organisation()
    relation = await rows.a_work_relation(source, organisation)
    await rows.a_right(relation, Role.ADMINISTRATOR, Role.USER)
    await rows.a_right(await rows.a_work_relation(target, other_organisation), Role.USER)
    membership = await rows.a_membership(await rows.a_group(organisation), relation)
    await rows.an_introduction(other_organisation, source)
    await rows.a_session(source)
    await rows.a_mandate(AccessMandateKind.MAIN_ACCESS_MANAGER, source, organisation)

    merged = await merge(old, new)

    assert merged.id == target.id
    standing = await Standing.of(Actor(user_id=target.id))
    assert (standing.administers, standing.main_manager_of) == ([organisation.id], [organisation.id])
    assert sorted(standing.user_of) == sorted([organisation.id, other_organisation.id])
    stored = await Membership.get(id=membership.id)
    assert (stored.user_id, stored.work_relation_id, stored.ended_at) == (target.id, relation.id, None)
    assert (await WorkRelationPeriod.get(work_relation=relation)).user_id == target.id
    assert (await Introduction.get()).user_id == target.id
    # A session of the source is ended.
    session = await Session.get()
    assert session.ended_at is not None
    assert (await Standing.of(Actor(user_id=source.id))).acts_for == []
    entry = await AuditEntry.get(action="PEOPLE_MERGED", organisation=None)
    assert (entry.subject_id, entry.before, entry.reason) == (target.id, {"user": source.id}, REASON)
    assert entry.after["workRelations"] == [relation.id]


async def test_memberships_mandates_and_tasks_of_both_are_united():
    source, old, target, new = await two_people()
    organisation = await rows.an_organisation()
    today = await rows.today()
    earlier = await rows.a_work_relation(source, organisation, today - timedelta(90), today - timedelta(60))
    current = await rows.a_work_relation(target, organisation, today - timedelta(50), today + timedelta(50))
    group = await rows.a_group(organisation)
    earlier_membership, current_membership = (
        await rows.a_membership(group, earlier),
        await rows.a_membership(group, current),
    )
    for person in (source, target):
        await rows.a_mandate(AccessMandateKind.ACCESS_MANAGER, person, organisation)
        await rows.a_self_registration(organisation, person)

    await merge(old, new)

    assert [membership.id for membership in await Membership.filter(ended_at=None)] == [current_membership.id]
    assert (await Membership.get(id=earlier_membership.id)).user_id == target.id
    assert current_membership.kind is MembershipKind.FIXED
    assert await AccessMandate.filter(user_id=target.id, ended_at=None).count() == 1
    assert await AccessMandate.filter(user_id=target.id).count() == 2
    assert await SelfRegistration.filter(applicant_id=target.id, status=TaskStatus.OPEN).count() == 1
    assert await SelfRegistration.filter(applicant_id=target.id, status=TaskStatus.REJECTED).count() == 1


@pytest.mark.parametrize("counting", ["source", "target"])
async def test_of_two_mandates_the_counting_one_stays_open(counting: str):
    source, old, target, new = await two_people()
    organisation, today = await rows.an_organisation(), await rows.today()
    days = dict.fromkeys(("source", "target"), (today - timedelta(90), today - timedelta(60)))
    days[counting] = (today - timedelta(50), today + timedelta(50))
    mandates = {}
    for name, person in (("source", source), ("target", target)):
        await rows.a_work_relation(person, organisation, *days[name])
        mandates[name] = await rows.a_mandate(AccessMandateKind.ACCESS_MANAGER, person, organisation)

    await merge(old, new)

    assert (await AccessMandate.get(user_id=target.id, ended_at=None)).id == mandates[counting].id
    assert (await Standing.of(Actor(user_id=target.id))).manages == [organisation.id]


async def test_of_two_memberships_that_of_the_later_work_relation_stays_open():
    source, old, target, new = await two_people()
    organisation = await rows.an_organisation()
    today = await rows.today()
    current = await rows.a_work_relation(source, organisation)
    earlier = await rows.a_work_relation(target, organisation, today - timedelta(900), today - timedelta(800))
    group = await rows.a_group(organisation)
    current_membership, _ = await rows.a_membership(group, current), await rows.a_membership(group, earlier)

    await merge(old, new)

    assert [membership.id for membership in await Membership.filter(ended_at=None)] == [current_membership.id]


async def test_an_action_is_released_when_the_remaining_membership_has_not_begun():
    source, old, target, new = await two_people()
    contract = await rows.a_contract()
    organisation, today = await contract.organisation, await rows.today()
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    await rows.a_link(contract, group)
    current = await rows.a_work_relation(source, organisation, today - timedelta(9), today + timedelta(9))
    later = await rows.a_work_relation(target, organisation, today + timedelta(10), today + timedelta(20))
    for relation in (current, later):
        await rows.a_right(relation)
        await rows.a_membership(group, relation)
    action = await rows.an_action(contract, assignee=source)

    await merge(old, new)

    await action.refresh_from_db()
    assert (action.status, action.assignee_id) == ("OPEN", None)
    assert (await Notification.get()).action_id == action.id


async def test_a_merge_is_audited_for_every_organisation_that_knows_the_source():
    source, old, target, new = await two_people()
    employer, mandator = await rows.an_organisation(), await rows.an_organisation()
    relation = await rows.a_work_relation(source, employer)
    closed_mandate, _ = [
        await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE, person, mandator) for person in (source, target)
    ]
    await rows.a_work_relation(target)
    await rows.a_work_relation()
    names = ("membershipsClosed", "accessMandatesClosed", "selfRegistrationsClosed", "workRelations")
    empty: dict[str, list[int]] = {name: [] for name in names}

    await merge(old, new)

    entries = await AuditEntry.filter(action="PEOPLE_MERGED")
    assert {entry.organisation_id: entry.after for entry in entries} == {
        None: {**empty, "accessMandatesClosed": [closed_mandate.id], "workRelations": [relation.id]},
        employer.id: {**empty, "workRelations": [relation.id]},
        mandator.id: {**empty, "accessMandatesClosed": [closed_mandate.id]},
    }
    assert [(entry.subject_id, entry.before, entry.reason) for entry in entries] == [
        (target.id, {"user": source.id}, REASON)
    ] * 3


async def test_a_renumbering_is_audited_for_every_organisation_that_knows_the_person():
    old, new = rows.a_national_number(), rows.a_national_number()
    user = await rows.a_user(national_number=old)
    past = await rows.a_work_relation(user, None, await rows.today() - timedelta(90), await rows.today() - timedelta(9))
    mandate = await rows.a_mandate(user=user)
    task = await rows.a_self_registration(None, user)
    await rows.a_work_relation()
    await a_registered_person(new)

    await renumber(old, new)

    entries = await AuditEntry.filter(action="PERSON_RENUMBERED").order_by("id")
    organisation_ids = sorted([past.organisation_id, mandate.organisation_id, task.organisation_id])
    assert [entry.organisation_id for entry in entries] == [None, *organisation_ids]
    assert {(entry.subject_id, entry.reason, entry.before, entry.after) for entry in entries} == {
        (user.id, REASON, None, None)
    }


async def test_a_merge_with_overlapping_work_relations_is_refused():
    source, old, target, new = await two_people()
    organisation = await rows.an_organisation(name="Aannemer nv")
    today = await rows.today()
    await rows.a_work_relation(source, organisation, today, today + timedelta(10))
    await rows.a_work_relation(target, organisation, today + timedelta(10), today + timedelta(20))
    day = today + timedelta(10)
    async with assert_refused(
        WorkRelationsOverlap, "oldNumber", organisation="Aannemer nv", first_day=day, last_day=day
    ):
        await merge(old, new)


@pytest.mark.parametrize("days_ago", [0, 30])
async def test_a_merge_with_past_overlaps_is_refused_for_good(days_ago: int):
    source, old, target, new = await two_people()
    organisation = await rows.an_organisation(name="Aannemer nv")
    first, last = await rows.today() - timedelta(days_ago), await rows.today()
    await rows.a_work_relation(source, organisation, first, last)
    await rows.a_work_relation(target, organisation, first - timedelta(7), last + timedelta(7))
    days = {"first_day": first, "last_day": last}
    async with assert_refused(WorkRelationsOverlapped, "oldNumber", organisation="Aannemer nv", **days):
        await merge(old, new)


async def test_of_concurrent_merges_in_both_directions_one_succeeds():
    _, old, _, new = await two_people()

    outcomes = await asyncio.gather(
        *(merge(*numbers) for numbers in [(old, new), (new, old)] * 3), return_exceptions=True
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PersonNotKnownHere"] * 5 + ["User"]


async def test_a_merge_and_a_rotation_of_keys_do_not_deadlock(environment: Environment):
    low, high = sorted([rows.a_national_number(), rows.a_national_number()])
    # The order of the numbers differs from that of the keys.
    target, source = await rows.a_user(id=2, national_number=low), await rows.a_user(id=1, national_number=high)

    use(environment, BOTH)

    outcomes = await run_while_locked(source, rotate_keys(actor=OPERATOR), merge(high, low))

    assert outcomes == [RotatedKeys(2, 0), target]


async def test_a_merge_and_a_change_of_links_do_not_deadlock():
    source, old, target, new = await two_people()
    organisation = await rows.an_organisation()
    relation = await rows.a_work_relation(source, organisation)
    await rows.a_right(relation, Role.ADMINISTRATOR, Role.USER)
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    await rows.a_membership(group, relation)
    contract = await rows.a_contract(organisation)
    link = await rows.a_link(contract, group, linked_by=source)
    action = await rows.an_action(contract, assignee=source)
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    unlinking = set_contract_groups(
        actor=Actor(user_id=administrator.user_id), contract_id=contract.id, version=1, group_ids=[]
    )

    # The merge waits for the action, and has not locked the link yet.
    merged, links_change = await run_while_locked(action, merge(old, new), unlinking)

    assert (merged, links_change.contract) == (target, contract)
    await action.refresh_from_db()
    await link.refresh_from_db()
    assert (action.status, link.linked_by_id, link.ended_at is None) == ("OPEN", target.id, False)


async def test_the_target_gets_missing_fields_and_the_old_number_is_free():
    old, new = rows.a_national_number(), rows.a_national_number()
    source = await rows.a_user(national_number=old, subject="vo-1", language="FR")
    target = await rows.a_user(national_number=new, language="NL")

    await merge(old, new)

    await target.refresh_from_db()
    assert (target.subject, target.language) == ("vo-1", "NL")
    assert not await User.filter(has_number(old)).exists()
    new_user = await rows.a_user(national_number=old)
    assert new_user.id not in {source.id, target.id}
    assert old not in str(await read_tables())


async def test_an_invalid_merge_is_refused():
    _, old, _, _ = await two_people()
    async with assert_refused(SamePerson, "newNumber"):
        await merge(old, old)
    async with assert_refused(PersonNotKnownHere, "newNumber"):
        await merge(old, rows.a_national_number())
    async with assert_refused(PersonNotKnownHere, "oldNumber"):
        await merge(rows.a_national_number(), old)
