"""Organisations follow the enterprise register, and so do their legal representatives (manual 2)."""

import asyncio

import pytest

from domain.actor import OPERATOR, Actor
from domain.models import (
    AccessMandate,
    AccessMandateKind,
    AuditEntry,
    Organisation,
    OrganisationKind,
    RegisteredRepresentativeRow,
    User,
)
from domain.refusals import EnterpriseNumberInvalid, EnterpriseRegisterUnavailable, EnterpriseUnknown
from domain.registers import install_registers
from domain.rules.key_rotation import RotatedKeys, rotate_keys
from domain.rules.organisation_registration import NO_LONGER_REGISTERED, Registration, register_organisation
from domain.sealed_national_number import has_number
from domain.standing import Standing
from tests import rows
from tests.conftest import Environment
from tests.domain.rules.concurrency import run_while_locked
from tests.domain.rules.test_key_rotation import BOTH, use
from tests.refusals import assert_refused
from tests.rows.registers import a_registered_enterprise, a_registered_person, a_representative
from tests.table_contents import assert_tables_unchanged

pytestmark = pytest.mark.usefixtures("registers")
NUMBER = "0123456749"


async def register(number: str = NUMBER) -> Registration:
    return await register_organisation(actor=OPERATOR, enterprise_number=number)


async def test_the_register_gives_name_kind_and_legal_representatives():
    person = await a_registered_person("85073003328", given_name="An", family_name="Peeters")
    await a_registered_enterprise(
        person, enterprise_number=NUMBER, name="THV Schelde", kind=OrganisationKind.CONSORTIUM
    )

    done = await register("BE 0123.456.749")

    assert (done.created, done.representatives, done.mandates_begun, done.mandates_ended) == (True, 1, 1, 0)
    organisation = await Organisation.get(enterprise_number=NUMBER)
    assert (organisation.name, organisation.kind) == ("THV Schelde", OrganisationKind.CONSORTIUM)
    user = await User.get(has_number("85073003328"))
    assert (user.full_name, user.birth_date.isoformat() if user.birth_date else None) == ("An Peeters", "1985-07-30")
    standing = await Standing.of(Actor(user_id=user.id))
    assert standing.represents == standing.administers == standing.manages == standing.acts_for == [organisation.id]


async def test_a_repeat_changes_nothing():
    await a_registered_enterprise(await a_registered_person(), enterprise_number=NUMBER)
    await register()
    async with assert_tables_unchanged():
        done = await register()
    assert (done.created, done.mandates_begun, done.mandates_ended) == (False, 0, 0)


async def test_a_repeat_and_the_renewal_of_keys_do_not_wait_for_each_other_forever(environment: Environment):
    low, high = sorted([rows.a_national_number(), rows.a_national_number()])
    # The order of the numbers is another one than that of the keys.
    first = await rows.a_user(id=1, national_number=high)
    await rows.a_user(id=2, national_number=low)
    known = [await a_registered_person(number) for number in (low, high)]
    await a_registered_enterprise(*known, enterprise_number=NUMBER)
    use(environment, BOTH)

    outcomes = await run_while_locked(first, rotate_keys(actor=OPERATOR), register())

    assert [type(outcome) for outcome in outcomes] == [RotatedKeys, Registration]


async def test_a_repeat_brings_name_and_kind_up_to_date():
    enterprise = await a_registered_enterprise(enterprise_number=NUMBER, name="Aannemer bv")
    await register()
    enterprise.update_from_dict({"name": "Aannemer nv", "kind": OrganisationKind.CONSORTIUM})
    await enterprise.save()

    await register()

    organisation = await Organisation.get(enterprise_number=NUMBER)
    assert (organisation.name, organisation.kind) == ("Aannemer nv", OrganisationKind.CONSORTIUM)
    entry = await AuditEntry.get(action="ORGANISATION_UPDATED")
    assert entry.before == {"name": "Aannemer bv", "kind": "ENTERPRISE"}
    assert (entry.after, entry.actor_name) == ({"name": "Aannemer nv", "kind": "CONSORTIUM"}, "operator")


async def test_who_came_gets_the_mandate_and_who_left_loses_it_with_what_came_with_it():
    another = rows.a_national_number()
    old, new = await a_registered_person("85073003328"), await a_registered_person(another)
    enterprise = await a_registered_enterprise(old, enterprise_number=NUMBER)
    organisation = (await register()).organisation
    await RegisteredRepresentativeRow.all().delete()
    await a_representative(enterprise, new)

    done = await register()

    assert (done.representatives, done.mandates_begun, done.mandates_ended) == (1, 1, 1)
    gone, came = await User.get(has_number("85073003328")), await User.get(has_number(another))
    standing = await Standing.of(Actor(user_id=gone.id))
    assert (standing.acts_for, standing.administers, standing.manages) == ([], [], [])
    assert (await Standing.of(Actor(user_id=came.id))).represents == [organisation.id]
    ended = await AccessMandate.get(user_id=gone.id)
    assert (ended.end_reason, ended.ended_by_id) == (NO_LONGER_REGISTERED, None)
    actions = await AuditEntry.all().order_by("id").values_list("action", flat=True)
    assert actions[-2:] == ["LEGAL_REPRESENTATIVE_LEFT", "LEGAL_REPRESENTATIVE_CAME"]


async def test_a_person_who_is_known_here_already_stays_one_person():
    known = await rows.a_user(national_number="85073003328", given_name="Annie", language="FR")
    await a_registered_enterprise(await a_registered_person("85073003328", given_name="An"), enterprise_number=NUMBER)

    await register()

    mandate = await AccessMandate.get()
    assert mandate.user_id == known.id
    await known.refresh_from_db()
    assert (known.given_name, known.language) == ("An", "FR")


async def test_the_register_wins_where_it_names_none_or_only_a_company():
    person = await a_registered_person()
    enterprise = await a_registered_enterprise(person, enterprise_number=NUMBER)
    await register()
    await RegisteredRepresentativeRow.all().delete()
    await a_representative(enterprise)

    assert (await register()).representatives == 0

    assert await AccessMandate.filter(ended_at=None).count() == 0


async def test_an_appointed_manager_who_becomes_representative_keeps_the_appointment():
    organisation = await rows.an_organisation(enterprise_number=NUMBER)
    user = await rows.a_user(national_number="85073003328")
    await rows.a_mandate(AccessMandateKind.MAIN_ACCESS_MANAGER, user, organisation)
    await a_registered_enterprise(await a_registered_person("85073003328"), enterprise_number=NUMBER)

    await register()

    kinds = await AccessMandate.filter(user_id=user.id, ended_at=None).values_list("kind", flat=True)
    assert sorted(kinds) == ["LEGAL_REPRESENTATIVE", "MAIN_ACCESS_MANAGER"]


async def test_two_at_once_register_it_once():
    people = [await a_registered_person() for _ in range(3)]
    await a_registered_enterprise(*people, enterprise_number=NUMBER)

    done = await asyncio.gather(*(register() for _ in range(4)))

    assert sorted(each.created for each in done) == [False, False, False, True]
    assert await AccessMandate.all().count() == 3
    assert await User.all().count() == 3


async def test_what_cant_be_registered_leaves_nothing_behind():
    async with assert_refused(EnterpriseNumberInvalid, "enterpriseNumber"):
        await register("0123456700")
    async with assert_refused(EnterpriseUnknown, "enterpriseNumber"):
        await register(NUMBER)
    install_registers(None)
    async with assert_refused(EnterpriseRegisterUnavailable, "enterpriseNumber"):
        await register(NUMBER)
