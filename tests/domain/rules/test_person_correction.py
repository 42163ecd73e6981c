"""An operator renumbers a person, or makes one of two: nothing is lost, and nothing is had twice."""

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


async def two() -> tuple[User, str, User, str]:
    old, new = rows.a_national_number(), rows.a_national_number()
    return await rows.a_user(national_number=old), old, await rows.a_user(national_number=new), new


async def test_a_person_gets_another_number_and_stays_who_they_are():
    old, new = rows.a_national_number(), "85073003328"
    user = await rows.a_user(national_number=old)
    relation = await rows.a_work_relation(user)
    await a_registered_person(new, given_name="Jo", family_name="Maes")

    done = await renumber(old, "85.07.30-033.28")

    assert done.id == user.id
    assert not await User.filter(has_number(old)).exists()
    person = await User.get(has_number(new))
    assert (person.id, person.full_name, unsealed_number(person)) == (user.id, "Jo Maes", new)
    assert (await WorkRelation.get(id=relation.id)).user_id == user.id
    entry = await AuditEntry.get(action="PERSON_RENUMBERED", organisation=None)
    assert (entry.subject_id, entry.reason, entry.actor_name) == (user.id, REASON, "operator")


async def test_what_cant_be_renumbered_is_told():
    _, old, _, new = await two()
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


async def test_everything_that_points_at_a_person_is_moved_or_left_for_a_reason():
    pointing = {(table, column) for table, column, target in every_reference() if target == "person"}
    left = {
        ("audit_entry", "actor_id"),
        ("personal_key", "user_id"),
        ("work_relation_period", "user_id"),
        ("membership", "user_id"),
    }
    assert set(references()) == pointing - left


async def test_every_row_that_points_at_the_one_who_goes_is_held_before_any_is_moved():
    held = (*LOCKED_FIRST, *LOCKED_AFTER_ORGANISATIONS, "action", *LOCKED_AFTER_ACTIONS)
    # Whoever was made one with the one who goes is held with them.
    assert sorted(held) == sorted({table for table, _ in references()} - {"person"})


async def test_one_person_has_what_two_had():
    source, old, target, new = await two()
    organisation, other = await rows.an_organisation(), await rows.an_organisation()
    here = await rows.a_work_relation(source, organisation)
    await rows.a_right(here, Role.ADMINISTRATOR, Role.USER)
    await rows.a_right(await rows.a_work_relation(target, other), Role.USER)
    membership = await rows.a_membership(await rows.a_group(organisation), here)
    await rows.an_introduction(other, source)
    await rows.a_session(source)
    await rows.a_mandate(AccessMandateKind.MAIN_ACCESS_MANAGER, source, organisation)

    done = await merge(old, new)

    assert done.id == target.id
    standing = await Standing.of(Actor(user_id=target.id))
    assert (standing.administers, standing.main_manager_of) == ([organisation.id], [organisation.id])
    assert sorted(standing.user_of) == sorted([organisation.id, other.id])
    moved = await Membership.get(id=membership.id)
    assert (moved.user_id, moved.work_relation_id, moved.ended_at) == (target.id, here.id, None)
    assert (await WorkRelationPeriod.get(work_relation=here)).user_id == target.id
    assert (await Introduction.get()).user_id == target.id
    # Whoever was signed in as the one who went is not signed in as the one who stays.
    session = await Session.get()
    assert session.ended_at is not None
    assert (await Standing.of(Actor(user_id=source.id))).acts_for == []
    entry = await AuditEntry.get(action="PEOPLE_MERGED", organisation=None)
    assert (entry.subject_id, entry.before, entry.reason) == (target.id, {"user": source.id}, REASON)
    assert entry.after["workRelations"] == [here.id]


async def test_what_both_had_is_had_once():
    source, old, target, new = await two()
    organisation = await rows.an_organisation()
    today = await rows.today()
    earlier = await rows.a_work_relation(source, organisation, today - timedelta(90), today - timedelta(60))
    now = await rows.a_work_relation(target, organisation, today - timedelta(50), today + timedelta(50))
    group = await rows.a_group(organisation)
    short, long = await rows.a_membership(group, earlier), await rows.a_membership(group, now)
    for person in (source, target):
        await rows.a_mandate(AccessMandateKind.ACCESS_MANAGER, person, organisation)
        await rows.a_self_registration(organisation, person)

    await merge(old, new)

    assert [one.id for one in await Membership.filter(ended_at=None)] == [long.id]
    assert (await Membership.get(id=short.id)).user_id == target.id
    assert long.kind is MembershipKind.FIXED
    assert await AccessMandate.filter(user_id=target.id, ended_at=None).count() == 1
    assert await AccessMandate.filter(user_id=target.id).count() == 2
    assert await SelfRegistration.filter(applicant_id=target.id, status=TaskStatus.OPEN).count() == 1
    assert await SelfRegistration.filter(applicant_id=target.id, status=TaskStatus.REJECTED).count() == 1


@pytest.mark.parametrize("counting", ["source", "target"])
async def test_of_two_mandates_the_one_is_kept_that_counts(counting: str):
    source, old, target, new = await two()
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


async def test_the_membership_of_the_work_relation_that_lasts_is_kept():
    source, old, target, new = await two()
    organisation = await rows.an_organisation()
    today = await rows.today()
    now = await rows.a_work_relation(source, organisation)
    earlier = await rows.a_work_relation(target, organisation, today - timedelta(900), today - timedelta(800))
    group = await rows.a_group(organisation)
    kept, _ = await rows.a_membership(group, now), await rows.a_membership(group, earlier)

    await merge(old, new)

    assert [one.id for one in await Membership.filter(ended_at=None)] == [kept.id]


async def test_an_action_is_released_when_the_membership_that_stays_has_yet_to_begin():
    source, old, target, new = await two()
    contract = await rows.a_contract()
    organisation, today = await contract.organisation, await rows.today()
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    await rows.a_link(contract, group)
    now = await rows.a_work_relation(source, organisation, today - timedelta(9), today + timedelta(9))
    later = await rows.a_work_relation(target, organisation, today + timedelta(10), today + timedelta(20))
    for relation in (now, later):
        await rows.a_right(relation)
        await rows.a_membership(group, relation)
    action = await rows.an_action(contract, assignee=source)

    await merge(old, new)

    await action.refresh_from_db()
    assert (action.status, action.assignee_id) == ("OPEN", None)
    assert (await Notification.get()).action_id == action.id


async def test_every_organisation_that_knew_the_one_who_goes_finds_its_own_part_in_its_log():
    source, old, target, new = await two()
    here, there, elsewhere = await rows.an_organisation(), await rows.an_organisation(), await rows.an_organisation()
    relation = await rows.a_work_relation(source, here)
    twice, _ = [await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE, one, there) for one in (source, target)]
    await rows.a_work_relation(target, elsewhere)
    await rows.a_work_relation()
    told = ("membershipsClosed", "accessMandatesClosed", "selfRegistrationsClosed", "workRelations")
    nothing: dict[str, list[int]] = {name: [] for name in told}

    await merge(old, new)

    entries = await AuditEntry.filter(action="PEOPLE_MERGED")
    assert {entry.organisation_id: entry.after for entry in entries} == {
        None: {**nothing, "accessMandatesClosed": [twice.id], "workRelations": [relation.id]},
        here.id: {**nothing, "workRelations": [relation.id]},
        there.id: {**nothing, "accessMandatesClosed": [twice.id]},
    }
    assert [(entry.subject_id, entry.before, entry.reason) for entry in entries] == [
        (target.id, {"user": source.id}, REASON)
    ] * 3


async def test_every_organisation_that_knows_a_person_finds_their_new_number_in_its_log():
    old, new = rows.a_national_number(), rows.a_national_number()
    user = await rows.a_user(national_number=old)
    past = await rows.a_work_relation(user, None, await rows.today() - timedelta(90), await rows.today() - timedelta(9))
    mandate = await rows.a_mandate(user=user)
    asked = await rows.a_self_registration(None, user)
    await rows.a_work_relation()
    await a_registered_person(new)

    await renumber(old, new)

    entries = await AuditEntry.filter(action="PERSON_RENUMBERED").order_by("id")
    known = sorted([past.organisation_id, mandate.organisation_id, asked.organisation_id])
    assert [entry.organisation_id for entry in entries] == [None, *known]
    assert {(entry.subject_id, entry.reason, entry.before, entry.after) for entry in entries} == {
        (user.id, REASON, None, None)
    }


async def test_overlapping_work_relations_are_refused():
    source, old, target, new = await two()
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
async def test_work_relations_that_overlapped_are_refused_for_good(days_ago: int):
    source, old, target, new = await two()
    organisation = await rows.an_organisation(name="Aannemer nv")
    first, last = await rows.today() - timedelta(days_ago), await rows.today()
    await rows.a_work_relation(source, organisation, first, last)
    await rows.a_work_relation(target, organisation, first - timedelta(7), last + timedelta(7))
    days = {"first_day": first, "last_day": last}
    async with assert_refused(WorkRelationsOverlapped, "oldNumber", organisation="Aannemer nv", **days):
        await merge(old, new)


async def test_of_two_merges_each_way_one_is_carried_out_and_the_other_finds_nobody():
    _, old, _, new = await two()

    done = await asyncio.gather(*(merge(*way) for way in [(old, new), (new, old)] * 3), return_exceptions=True)

    assert sorted(type(each).__name__ for each in done) == ["PersonNotKnownHere"] * 5 + ["User"]


async def test_a_merge_and_the_renewal_of_keys_do_not_wait_for_each_other_forever(environment: Environment):
    low, high = sorted([rows.a_national_number(), rows.a_national_number()])
    # The order of the numbers is another one than that of the keys.
    target, source = await rows.a_user(id=2, national_number=low), await rows.a_user(id=1, national_number=high)

    use(environment, BOTH)

    outcomes = await run_while_locked(source, rotate_keys(actor=OPERATOR), merge(high, low))

    assert outcomes == [RotatedKeys(2, 0), target]


async def test_a_merge_and_a_change_of_links_do_not_wait_for_each_other_forever():
    source, old, target, new = await two()
    organisation = await rows.an_organisation()
    relation = await rows.a_work_relation(source, organisation)
    await rows.a_right(relation, Role.ADMINISTRATOR, Role.USER)
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    await rows.a_membership(group, relation)
    contract = await rows.a_contract(organisation)
    link = await rows.a_link(contract, group, linked_by=source)
    action = await rows.an_action(contract, assignee=source)
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    unlinked = set_contract_groups(
        actor=Actor(user_id=administrator.user_id), contract_id=contract.id, version=1, group_ids=[]
    )

    # The merge has come to the action, and has yet to come to the link.
    kept, linked = await run_while_locked(action, merge(old, new), unlinked)

    assert (kept, linked.contract) == (target, contract)
    await action.refresh_from_db()
    await link.refresh_from_db()
    assert (action.status, link.linked_by_id, link.ended_at is None) == ("OPEN", target.id, False)


async def test_the_one_who_stays_gets_what_was_lacking_and_the_number_is_free():
    old, new = rows.a_national_number(), rows.a_national_number()
    source = await rows.a_user(national_number=old, subject="vo-1", language="FR")
    target = await rows.a_user(national_number=new, language="NL")

    await merge(old, new)

    await target.refresh_from_db()
    assert (target.subject, target.language) == ("vo-1", "NL")
    assert not await User.filter(has_number(old)).exists()
    again = await rows.a_user(national_number=old)
    assert again.id not in {source.id, target.id}
    assert old not in str(await read_tables())


async def test_what_cant_be_merged_is_told():
    _, old, _, _ = await two()
    async with assert_refused(SamePerson, "newNumber"):
        await merge(old, old)
    async with assert_refused(PersonNotKnownHere, "newNumber"):
        await merge(old, rows.a_national_number())
    async with assert_refused(PersonNotKnownHere, "oldNumber"):
        await merge(rows.a_national_number(), old)
