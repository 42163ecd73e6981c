"""What the API tells of somebody who was erased: what they had, by the name of everybody who was erased."""

from datetime import timedelta
from typing import Any

import pytest

from domain.models import AccessMandateKind, DocumentLevel, DocumentStatus, User
from gql.reading.ids import global_id
from tests import rows
from tests.domain.rules.erased_person import TELLING, Former, a_former_colleague, erase
from tests.gql.execution import person, read

pytestmark = pytest.mark.usefixtures("database")
NAMED = "fullName birthDate maskedNationalNumber language"
PERSON = f"query($id: ID!) {{ node(id: $id) {{ __typename ... on User {{ {NAMED} }} }} }}"
PEOPLE = f"""query($id: ID!) {{ node(id: $id) {{ ... on Organisation {{
  workRelations {{ edges {{ node {{ email phone user {{ {NAMED} }} }} }} }}
  auditLog {{ edges {{ node {{ action actorName subject {{ __typename ... on User {{ fullName }} }} }} }} }} }} }} }}"""
ACCESS = """query($id: ID!, $day: Date) { node(id: $id) { ... on Contract {
  access(asOf: $day) { edges { node { user { fullName } themeLevels { level } } } }
  documents { edges { node { sentBy { fullName } } } } } } }"""
ERASED = {"fullName": "Gewiste persoon", "birthDate": None, "maskedNationalNumber": None, "language": None}


async def the_representative(former: Former) -> User:
    """Who manages access in the organisation that the person worked for, and administers it."""
    representative = await rows.a_user()
    organisation = await former.relation.organisation
    await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE, representative, organisation)
    return representative


async def test_by_its_id_and_among_those_who_worked_here():
    former = await a_former_colleague()
    representative = person(await the_representative(former))
    whom, where = global_id("User", former.user.id), global_id("Organisation", former.relation.organisation_id)
    known = (await read(representative, PERSON, id=whom))["node"]
    assert (known["fullName"], known["birthDate"]) == ("Wilhelmina Verstraeten", "1985-07-29")

    await erase(former.number)

    assert (await read(representative, PERSON, id=whom))["node"] == {"__typename": "User"} | ERASED
    told: dict[str, Any] = (await read(representative, PEOPLE, id=where))["node"]
    relations = [edge["node"] for edge in told["workRelations"]["edges"]]
    assert relations == [{"email": None, "phone": None, "user": ERASED}]
    entry = told["auditLog"]["edges"][0]["node"]
    assert (entry["action"], entry["actorName"]) == ("PERSON_ERASED", "The operator")
    assert entry["subject"] == {"__typename": "User", "fullName": "Gewiste persoon"}
    assert [value for value in TELLING if value in str(told)] == []


async def test_the_history_of_access_and_what_was_sent_stay_told():
    former = await a_former_colleague()
    representative = person(await the_representative(former))
    organisation, begun = await former.relation.organisation, await rows.now() - timedelta(days=60)
    contract = await rows.a_contract(organisation, published_at=begun)
    group = await rows.a_group(organisation)
    await rows.a_theme_level(group, "INVOICING", DocumentLevel.SEND, valid_from=begun)
    await rows.a_link(contract, group, linked_at=begun)
    await rows.a_membership(group, former.relation, since=begun)
    await rows.a_document(contract, DocumentStatus.SENT, created_by=former.user, sent_by=former.user)

    await erase(former.number)

    day = (await rows.today() - timedelta(days=30)).isoformat()
    told = (await read(representative, ACCESS, id=global_id("Contract", contract.id), day=day))["node"]
    access = [edge["node"] for edge in told["access"]["edges"] if edge["node"]["themeLevels"][0]["level"] == "SEND"]
    assert [each["user"]["fullName"] for each in access] == ["Gewiste persoon"]
    assert told["documents"]["edges"][0]["node"]["sentBy"] == {"fullName": "Gewiste persoon"}
