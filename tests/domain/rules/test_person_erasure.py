"""An operator erases a person: their personal data is gone, and all other history stays (domain 8)."""

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
    PERSONAL_VALUES,
    PHONE,
    REASON,
    a_former_colleague,
    an_audit_entry,
    erase,
)
from tests.domain.rules.test_work_relation import create
from tests.domain.rules.work_relations import update
from tests.domain.test_personal_values import unseal
from tests.refusals import assert_refusals, assert_refused
from tests.table_contents import read_tables

pytestmark = pytest.mark.usefixtures("registers")
DAY = timedelta(days=1)


async def test_no_personal_data_is_left_in_any_table():
    former = await a_former_colleague()
    before = str(await read_tables())
    assert [value for value in PERSONAL_VALUES if value not in before] == []

    await erase(former.number)

    after = str(await read_tables())
    assert [value for value in (*PERSONAL_VALUES, former.number) if value in after] == []
    person = await User.get(id=former.user.id)
    assert (person.full_name, person.erased) == ("Gewiste persoon", True)
    assert (person.birth_date, person.language, person.subject) == (None, None, None)


async def test_sealed_audit_values_become_unreadable_and_the_audit_chain_stays_valid():
    former = await a_former_colleague()
    chain_heads = await heads()
    assert [await unseal(former.entry.after[name]) for name in ("email", "phone")] == [OLD_EMAIL, PHONE]

    await erase(former.number)

    stored = await AuditEntry.get(id=former.entry.id)
    assert stored.after == former.entry.after
    assert not await PersonalKey.filter(user_id=former.user.id).exists()
    assert [finding async for finding in verify(chain_heads)] == []
    # Nor can they be unsealed with the key of another person.
    await an_audit_entry(await rows.a_work_relation())
    with pytest.raises(SealingError):
        await unseal(stored.after["email"] | {"person": (await PersonalKey.get()).user_id})


async def test_an_erasure_is_audited_for_every_organisation_that_knows_the_person():
    former = await a_former_colleague()
    task = await rows.a_self_registration(None, former.user, status="REJECTED")
    await rows.a_work_relation()

    await erase(former.number)

    entries = await AuditEntry.filter(action="PERSON_ERASED").order_by("id")
    organisation_ids = sorted([former.relation.organisation_id, task.organisation_id])
    assert [entry.organisation_id for entry in entries] == [None, *organisation_ids]
    contents = {(entry.subject_type, entry.subject_id, entry.reason, entry.before, entry.after) for entry in entries}
    assert contents == {("User", former.user.id, REASON, None, None)}
    assert {entry.actor_name for entry in entries} == {"operator"}


async def test_an_erased_person_who_signs_in_again_is_a_new_user():
    former = await a_former_colleague()
    await erase(former.number)
    async with assert_refused(PersonNotKnownHere, "number"):
        await erase(former.number)

    claims = {"given_name": "Wilhelmina", "family_name": "Verstraeten", "vo_id": "vo-wilhelmina"}
    new_user = await update_user(person_claims({"rrn": former.number} | claims))

    assert (new_user.id == former.user.id, new_user.full_name) == (False, "Wilhelmina Verstraeten")
    assert (await User.get(has_number(former.number))).id == new_user.id


@pytest.mark.parametrize("from_now", [0, 5])
async def test_a_person_with_a_present_or_future_work_relation_is_not_erased(from_now: int):
    former, day = await a_former_colleague(), await rows.today() + from_now * DAY
    organisation = await rows.an_organisation(name="Aannemer nv")
    await rows.a_work_relation(former.user, organisation, day, day)
    async with assert_refused(PersonStillWorks, "number", organisation="Aannemer nv", last_day=day):
        await erase(former.number)


async def test_a_person_with_a_mandate_is_not_erased():
    former, organisation = await a_former_colleague(), await rows.an_organisation(name="Aannemer nv")
    await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE, former.user, organisation)
    async with assert_refused(PersonStillMandated, "number", organisation="Aannemer nv"):
        await erase(former.number)


async def test_every_obstacle_to_an_erasure_is_reported():
    former, contract = await a_former_colleague(), await rows.a_contract()
    await rows.a_work_relation(former.user)
    await rows.a_mandate(user=former.user)
    await rows.a_self_registration(None, former.user)
    await rows.an_action(contract, assignee=former.user, title="Meetstaat nakijken")
    kinds = (PersonStillWorks, PersonStillMandated, PersonStillApplies, PersonStillAssigned)
    async with assert_refusals(*((kind, "number") for kind in kinds)) as refusals:
        await erase(former.number)
    organisation = (await contract.organisation).name
    assert refusals[-1].facts == {
        "action": "Meetstaat nakijken",
        "contract": contract.number,
        "organisation": organisation,
    }


async def test_an_invalid_erasure_is_refused():
    former = await a_former_colleague()
    async with assert_refused(NationalNumberInvalid, "number"):
        await erase("1")
    async with assert_refused(PersonNotKnownHere, "number"):
        await erase(rows.a_national_number())
    async with assert_refused(Required, "reason"):
        await erase(former.number, " ")


async def test_an_erased_person_gets_no_work_relation_or_contact_data(cast: Cast):
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
