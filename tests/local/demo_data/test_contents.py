"""What the demo data consists of; `test_personas.py` checks who its people are."""

import re
from collections import Counter

import pytest

from domain.days import BRUSSELS
from domain.enterprise_number import normalised
from domain.models import (
    AccessMandate,
    Contract,
    Delivery,
    Group,
    MachineClient,
    Organisation,
    OrganisationKind,
    SelfRegistration,
    Theme,
    User,
    WorkRelation,
)
from domain.sealed_national_number import unsealed_number
from local.people import PEOPLE
from tests.local.demo_data.persona import contracts_without_group, persona_organisation, persona_user

pytestmark = pytest.mark.usefixtures("demo")


async def test_it_has_three_enterprises_two_authorities_45_people_14_groups_and_70_contracts():
    kinds = Counter(organisation.kind for organisation in await Organisation.all())
    assert kinds == {
        OrganisationKind.ENTERPRISE: 2,
        OrganisationKind.CONSORTIUM: 1,
        OrganisationKind.CONTRACTING_AUTHORITY: 2,
    }
    assert await Group.all().count() == 14
    assert await Contract.all().count() == 70
    assert len(PEOPLE) == 45
    # The newcomer is a person of the demo, but is unknown here until the first sign-in.
    assert await User.all().count() == 44
    assert await persona_user("newcomer") is None


async def test_users_are_the_people_of_the_identity_provider():
    subjects = {
        (user.given_name, user.family_name, unsealed_number(user), user.language): user.subject
        for user in await User.all()
    }
    expected = {
        (person.given_name, person.family_name, person.national_number, person.language): person.subject
        for person in PEOPLE
        if person.key != "newcomer"
    }
    assert subjects.keys() == expected.keys()
    assert all(subject in {None, expected[person]} for person, subject in subjects.items())


async def test_numbers_are_valid_and_look_real():
    for organisation in await Organisation.all():
        assert normalised(organisation.enterprise_number) == organisation.enterprise_number
    for contract in await Contract.all():
        published = contract.published_at.astimezone(BRUSSELS)
        assert re.fullmatch(rf"MOW/(AWV|DVW)/{published.year}/\d{{4}}", contract.number)
    assert await Contract.filter(number__endswith="/0417").count() == 1


async def test_only_invoicing_is_visible():
    assert [theme.code for theme in await Theme.filter(visible=True)] == ["INVOICING"]


async def test_the_machine_client_is_the_authority_that_awarded_all_contracts_of_the_organisation():
    client = await MachineClient.get().select_related("organisation")
    assert (client.client_id, client.ended_at) == ("authority", None)
    assert client.organisation.kind is OrganisationKind.CONTRACTING_AUTHORITY
    contracts = await Contract.filter(organisation=await persona_organisation())
    assert {contract.contracting_authority_id for contract in contracts} == {client.organisation_id}


async def test_at_least_five_contracts_have_no_group_and_those_have_no_email_and_are_not_ended():
    contracts = await contracts_without_group()
    organisation = await persona_organisation()
    assert len([contract for contract in contracts if contract.organisation_id == organisation.id]) >= 5
    assert [contract.email for contract in contracts if contract.email is not None] == []
    assert [contract.ended_at for contract in contracts if contract.ended_at is not None] == []


async def test_every_address_is_reserved_for_examples():
    tables = (Organisation, WorkRelation, AccessMandate, SelfRegistration, Group, Contract)
    addresses = [row.email for table in tables for row in await table.exclude(email=None)]
    addresses += [delivery.address for delivery in await Delivery.all()]
    assert addresses
    assert [address for address in addresses if not re.fullmatch(r"[a-z0-9.-]+@[a-z0-9-]+\.example", address)] == []
