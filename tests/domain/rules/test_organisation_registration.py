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

    registration = await register("BE 0123.456.749")

    assert (
        registration.created,
        registration.representatives,
        registration.mandates_begun,
        registration.mandates_ended,
    ) == (True, 1, 1, 0)
    organisation = await Organisation.get(enterprise_number=NUMBER)
    assert (organisation.name, organisation.kind) == ("THV Schelde", OrganisationKind.CONSORTIUM)
    user = await User.get(has_number("85073003328"))
    assert (user.full_name, user.birth_date.isoformat() if user.birth_date else None) == ("An Peeters", "1985-07-30")
    standing = await Standing.of(Actor(user_id=user.id))
    assert standing.represents == standing.administers == standing.manages == standing.acts_for == [organisation.id]


async def test_registering_again_changes_nothing():
    await a_registered_enterprise(await a_registered_person(), enterprise_number=NUMBER)
    await register()
    async with assert_tables_unchanged():
        registration = await register()
    assert (registration.created, registration.mandates_begun, registration.mandates_ended) == (False, 0, 0)


async def test_registering_again_and_rotating_keys_do_not_deadlock(environment: Environment):
    low, high = sorted([rows.a_national_number(), rows.a_national_number()])
    # The order of the numbers differs from that of the keys.
    first = await rows.a_user(id=1, national_number=high)
    await rows.a_user(id=2, national_number=low)
    people = [await a_registered_person(number) for number in (low, high)]
    await a_registered_enterprise(*people, enterprise_number=NUMBER)
    use(environment, BOTH)

    outcomes = await run_while_locked(first, rotate_keys(actor=OPERATOR), register())

    assert [type(outcome) for outcome in outcomes] == [RotatedKeys, Registration]


async def test_registering_again_updates_name_and_kind():
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


async def test_a_new_representative_gets_the_mandate_and_a_former_one_loses_it():
    new_number = rows.a_national_number()
    old, new = await a_registered_person("85073003328"), await a_registered_person(new_number)
    enterprise = await a_registered_enterprise(old, enterprise_number=NUMBER)
    organisation = (await register()).organisation
    await RegisteredRepresentativeRow.all().delete()
    await a_representative(enterprise, new)

    registration = await register()

    assert (registration.representatives, registration.mandates_begun, registration.mandates_ended) == (1, 1, 1)
    former, successor = await User.get(has_number("85073003328")), await User.get(has_number(new_number))
    standing = await Standing.of(Actor(user_id=former.id))
    assert (standing.acts_for, standing.administers, standing.manages) == ([], [], [])
    assert (await Standing.of(Actor(user_id=successor.id))).represents == [organisation.id]
    ended = await AccessMandate.get(user_id=former.id)
    assert (ended.end_reason, ended.ended_by_id) == (NO_LONGER_REGISTERED, None)
    actions = await AuditEntry.all().order_by("id").values_list("action", flat=True)
    assert actions[-2:] == ["LEGAL_REPRESENTATIVE_LEFT", "LEGAL_REPRESENTATIVE_CAME"]


async def test_a_known_person_is_not_duplicated():
    known_user = await rows.a_user(national_number="85073003328", given_name="Annie", language="FR")
    await a_registered_enterprise(await a_registered_person("85073003328", given_name="An"), enterprise_number=NUMBER)

    await register()

    mandate = await AccessMandate.get()
    assert mandate.user_id == known_user.id
    await known_user.refresh_from_db()
    assert (known_user.given_name, known_user.language) == ("An", "FR")


async def test_mandates_end_when_the_register_names_no_person():
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


async def test_concurrent_registrations_register_an_organisation_once():
    people = [await a_registered_person() for _ in range(3)]
    await a_registered_enterprise(*people, enterprise_number=NUMBER)

    registrations = await asyncio.gather(*(register() for _ in range(4)))

    assert sorted(result.created for result in registrations) == [False, False, False, True]
    assert await AccessMandate.all().count() == 3
    assert await User.all().count() == 3


async def test_a_refused_registration_changes_nothing():
    async with assert_refused(EnterpriseNumberInvalid, "enterpriseNumber"):
        await register("0123456700")
    async with assert_refused(EnterpriseUnknown, "enterpriseNumber"):
        await register(NUMBER)
    install_registers(None)
    async with assert_refused(EnterpriseRegisterUnavailable, "enterpriseNumber"):
        await register(NUMBER)
