"""An operator erases a person: nothing tells any more who it was, and everything else stays told (domain section 8)."""

from datetime import timedelta

import pytest

from domain.audit_chain import heads, verify
from domain.models import AccessMandateKind, AuditEntry, PersonalKey, User, WorkRelationPeriod
from domain.refusals import (
    NationalNumberInvalid,
    PersonErased,
    PersonNotKnownHere,
    PersonStillApplies,
    PersonStillAssigned,
    PersonStillMandated,
    PersonStillWorks,
    Required,
)
from domain.sealed_national_number import has_number
from domain.sealing import SealingError
from identity.claims import person_claims
from identity.people import update_user
from tests import rows
from tests.access_cast import Cast
from tests.domain.rules.erased_person import (
    EMAIL,
    OLD_EMAIL,
    PHONE,
    REASON,
    TELLING,
    a_former_colleague,
    audited,
    erase,
)
from tests.domain.rules.test_work_relation import create
from tests.domain.rules.work_relations import update
from tests.domain.test_personal_values import opened
from tests.refusals import assert_refusals, assert_refused
from tests.table_contents import read_tables

pytestmark = pytest.mark.usefixtures("registers")
DAY = timedelta(days=1)


async def test_nothing_tells_any_more_who_it_was():
    former = await a_former_colleague()
    before = str(await read_tables())
    assert [value for value in TELLING if value not in before] == []

    await erase(former.number)

    after = str(await read_tables())
    assert [value for value in (*TELLING, former.number) if value in after] == []
    person = await User.get(id=former.user.id)
    assert (person.full_name, person.erased) == ("Gewiste persoon", True)
    assert (person.birth_date, person.language, person.subject) == (None, None, None)


async def test_what_the_audit_log_sealed_can_be_read_before_and_not_after_and_the_chain_is_whole():
    former = await a_former_colleague()
    known = await heads()
    assert [await opened(former.entry.after[name]) for name in ("email", "phone")] == [OLD_EMAIL, PHONE]

    await erase(former.number)

    kept = await AuditEntry.get(id=former.entry.id)
    assert kept.after == former.entry.after
    assert not await PersonalKey.filter(user_id=former.user.id).exists()
    assert [finding async for finding in verify(known)] == []
    # Nor with the key of somebody else, such as the one as whom they come back.
    await audited(await rows.a_work_relation())
    with pytest.raises(SealingError):
        await opened(kept.after["email"] | {"person": (await PersonalKey.get()).user_id})


async def test_each_organisation_concerned_finds_it_in_its_log():
    former = await a_former_colleague()
    asked = await rows.a_self_registration(None, former.user, status="REJECTED")
    await rows.a_work_relation()

    await erase(former.number)

    entries = await AuditEntry.filter(action="PERSON_ERASED").order_by("id")
    concerned = sorted([former.relation.organisation_id, asked.organisation_id])
    assert [entry.organisation_id for entry in entries] == [None, *concerned]
    told = {(entry.subject_type, entry.subject_id, entry.reason, entry.before, entry.after) for entry in entries}
    assert told == {("User", former.user.id, REASON, None, None)}
    assert {entry.actor_name for entry in entries} == {"operator"}


async def test_their_number_is_unknown_and_may_come_back_as_somebody_new():
    former = await a_former_colleague()
    await erase(former.number)
    async with assert_refused(PersonNotKnownHere, "number"):
        await erase(former.number)

    named = {"given_name": "Wilhelmina", "family_name": "Verstraeten", "vo_id": "vo-wilhelmina"}
    new = await update_user(person_claims({"rrn": former.number} | named))

    assert (new.id == former.user.id, new.full_name) == (False, "Wilhelmina Verstraeten")
    assert (await User.get(has_number(former.number))).id == new.id


@pytest.mark.parametrize("from_now", [0, 5])
async def test_whoever_works_or_is_to_work_is_not_erased(from_now: int):
    former, day = await a_former_colleague(), await rows.today() + from_now * DAY
    organisation = await rows.an_organisation(name="Aannemer nv")
    await rows.a_work_relation(former.user, organisation, day, day)
    async with assert_refused(PersonStillWorks, "number", organisation="Aannemer nv", last_day=day):
        await erase(former.number)


async def test_whoever_has_a_mandate_is_not_erased():
    former, organisation = await a_former_colleague(), await rows.an_organisation(name="Aannemer nv")
    await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE, former.user, organisation)
    async with assert_refused(PersonStillMandated, "number", organisation="Aannemer nv"):
        await erase(former.number)


async def test_everything_in_the_way_is_told_at_once():
    former, contract = await a_former_colleague(), await rows.a_contract()
    await rows.a_work_relation(former.user)
    await rows.a_mandate(user=former.user)
    await rows.a_self_registration(None, former.user)
    await rows.an_action(contract, assignee=former.user, title="Meetstaat nakijken")
    kinds = (PersonStillWorks, PersonStillMandated, PersonStillApplies, PersonStillAssigned)
    async with assert_refusals(*((kind, "number") for kind in kinds)) as told:
        await erase(former.number)
    organisation = (await contract.organisation).name
    assert told[-1].facts == {"action": "Meetstaat nakijken", "contract": contract.number, "organisation": organisation}


async def test_what_cant_be_erased_is_told():
    former = await a_former_colleague()
    async with assert_refused(NationalNumberInvalid, "number"):
        await erase("1")
    async with assert_refused(PersonNotKnownHere, "number"):
        await erase(rows.a_national_number())
    async with assert_refused(Required, "reason"):
        await erase(former.number, " ")


async def test_nobody_gives_anything_to_who_was_erased(cast: Cast):
    former, today = await a_former_colleague(cast.organisation), await rows.today()
    await erase(former.number)
    async with assert_refused(PersonErased, "userId"):
        await create(cast, former.user)
    async with assert_refused(PersonErased, "validUntil"):
        await update(cast, former.relation, valid_until=today + 9 * DAY)
    for change in ({"email": EMAIL}, {"phone": PHONE}):
        async with assert_refused(PersonErased):
            await update(cast, former.relation, **change)
    assert await WorkRelationPeriod.filter(user_id=former.user.id).count() == 1
