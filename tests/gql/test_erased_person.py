"""After the erasure of a person the API keeps their history, under the name that all erased people have."""

from datetime import timedelta
from typing import Any

import pytest

from domain.models import AccessMandateKind, DocumentLevel, DocumentStatus, User
from gql.reading.ids import global_id
from tests import rows
from tests.domain.rules.erased_person import PERSONAL_VALUES, FormerColleague, a_former_colleague, erase
from tests.gql.execution import person, read

pytestmark = pytest.mark.usefixtures("database")
PERSONAL = "fullName birthDate maskedNationalNumber language"
PERSON = f"query($id: ID!) {{ node(id: $id) {{ __typename ... on User {{ {PERSONAL} }} }} }}"
PEOPLE = f"""query($id: ID!) {{ node(id: $id) {{ ... on Organisation {{
  workRelations {{ edges {{ node {{ email phone user {{ {PERSONAL} }} }} }} }}
  auditLog {{ edges {{ node {{ action actorName subject {{ __typename ... on User {{ fullName }} }} }} }} }} }} }} }}"""
ACCESS = """query($id: ID!, $day: Date) { node(id: $id) { ... on Contract {
  access(asOf: $day) { edges { node { user { fullName } themeLevels { level } } } }
  documents { edges { node { sentBy { fullName } } } } } } }"""
ERASED = {"fullName": "Gewiste persoon", "birthDate": None, "maskedNationalNumber": None, "language": None}


async def a_representative(former: FormerColleague) -> User:
    """A legal representative of the organisation that the person worked for."""
    representative = await rows.a_user()
    organisation = await former.relation.organisation
    await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE, representative, organisation)
    return representative


async def test_no_personal_data_of_an_erased_person_is_returned():
    former = await a_former_colleague()
    representative = person(await a_representative(former))
    user_id, organisation_id = (
        global_id("User", former.user.id),
        global_id("Organisation", former.relation.organisation_id),
    )
    before = (await read(representative, PERSON, id=user_id))["node"]
    assert (before["fullName"], before["birthDate"]) == ("Wilhelmina Verstraeten", "1985-07-29")

    await erase(former.number)

    assert (await read(representative, PERSON, id=user_id))["node"] == {"__typename": "User"} | ERASED
    organisation: dict[str, Any] = (await read(representative, PEOPLE, id=organisation_id))["node"]
    relations = [edge["node"] for edge in organisation["workRelations"]["edges"]]
    assert relations == [{"email": None, "phone": None, "user": ERASED}]
    entry = organisation["auditLog"]["edges"][0]["node"]
    assert (entry["action"], entry["actorName"]) == ("PERSON_ERASED", "The operator")
    assert entry["subject"] == {"__typename": "User", "fullName": "Gewiste persoon"}
    assert [value for value in PERSONAL_VALUES if value in str(organisation)] == []


async def test_the_access_and_the_sent_documents_of_an_erased_person_are_kept():
    former = await a_former_colleague()
    representative = person(await a_representative(former))
    organisation, begin = await former.relation.organisation, await rows.now() - timedelta(days=60)
    contract = await rows.a_contract(organisation, published_at=begin)
    group = await rows.a_group(organisation)
    await rows.a_theme_level(group, "INVOICING", DocumentLevel.SEND, valid_from=begin)
    await rows.a_link(contract, group, linked_at=begin)
    await rows.a_membership(group, former.relation, since=begin)
    await rows.a_document(contract, DocumentStatus.SENT, created_by=former.user, sent_by=former.user)

    await erase(former.number)

    day = (await rows.today() - timedelta(days=30)).isoformat()
    node = (await read(representative, ACCESS, id=global_id("Contract", contract.id), day=day))["node"]
    access = [edge["node"] for edge in node["access"]["edges"] if edge["node"]["themeLevels"][0]["level"] == "SEND"]
    assert [entry["user"]["fullName"] for entry in access] == ["Gewiste persoon"]
    assert node["documents"]["edges"][0]["node"]["sentBy"] == {"fullName": "Gewiste persoon"}
