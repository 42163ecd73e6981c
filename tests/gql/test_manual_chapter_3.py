"""Chapter 3 of the manual (Beheer), sentence by sentence."""

from typing import Any

import pytest

from domain.models import WorkRelation
from gql.reading.ids import global_id
from tests import rows
from tests.gql.administering import Office, access, an_office, viewed
from tests.gql.execution import person, read

GROUPS = """query($id: ID!, $search: String) { node(id: $id) { ... on Organisation {
  groups(filter: {active: true, search: $search}) { edges { node { name } } } } } }"""
MEMBERS = """query($id: ID!) { node(id: $id) { ... on Group { memberships {
  edges { node { email user { fullName } } } } } } }"""


@pytest.fixture
async def office(database: str) -> Office:
    """An organisation with an administrator."""
    assert database
    return await an_office()


async def groups(office: Office, search: str | None = None) -> list[str]:
    given: dict[str, Any] = {"id": global_id("Organisation", office.organisation.id), "search": search}
    found = await read(office.administrator, GROUPS, **given)
    return [edge["node"]["name"] for edge in found["node"]["groups"]["edges"]]


async def test_an_administrator_reads_all_contracts_of_the_organisation(office: Office):
    contract = await office.contract()
    assert await access(office.administrator, contract) == "READ"
    found = await viewed(office.administrator, contract)
    assert found
    assert not {"DRAFT", "SEND"} & set(found["viewerCan"])


# 3.1 Hoe maak ik een nieuwe groep aan?


async def test_3_1_all_groups_of_the_organisation_are_listed_and_searched(office: Office):
    for name in ("Zuid", "Noord"):
        await office.create(name)
    await rows.a_group(await rows.an_organisation(), "Elders")
    assert await groups(office) == ["Noord", "Zuid"]
    assert await groups(office, "zui") == ["Zuid"]


async def test_3_1_a_group_has_a_name_and_a_description_and_an_address_only_if_one_wants(office: Office):
    for field in ("name", "description"):
        [error] = (await office.create(**{"name": "Noord"} | {field: " "}))["errors"]
        assert (error["code"], error["path"]) == ("REQUIRED", [field])
    assert (await office.create("Noord"))["errors"] == []
    assert (await office.create("Zuid", email="zuid@aannemer.example"))["errors"] == []


@pytest.mark.parametrize(
    ("level", "abilities"), [("NONE", set()), ("READ", set()), ("DRAFT", {"DRAFT"}), ("SEND", {"DRAFT", "SEND"})]
)
async def test_3_1_a_group_reads_draws_up_or_sends_per_theme(office: Office, level: str, abilities: set[str]):
    member, contract = await office.colleague(), await office.contract()
    await office.link(contract, await office.group(level, member))
    found = await viewed(member, contract)
    assert found
    assert found["viewerAccess"]["themeLevels"] == [{"theme": {"code": "INVOICING"}, "level": level}]
    assert set(found["viewerCan"]) == abilities


async def test_3_1_the_rights_are_those_of_the_whole_group(office: Office):
    members, contract = [await office.colleague() for _ in range(3)], await office.contract()
    await office.link(contract, await office.group("DRAFT", *members))
    assert [await access(member, contract) for member in members] == ["DRAFT"] * 3


async def test_3_1_at_first_only_invoicing_is_visible(office: Office):
    assert await read(office.administrator, "{ themes { code name } }", language="nl") == {
        "themes": [{"code": "INVOICING", "name": "Facturatie"}]
    }


async def test_3_1_a_group_reads_or_changes_the_own_reference_per_type_of_contract(office: Office):
    member = await office.colleague()
    plain, extendable = await office.contract(), await office.contract(type_code="EXTENDABLE_CONTRACT")
    levels = [{"typeCode": "EXTENDABLE_CONTRACT", "level": "WRITE"}]
    group = await office.group("NONE", member, referenceLevels=levels)
    for contract, level in ((plain, "READ"), (extendable, "WRITE")):
        await office.link(contract, group)
        found = await viewed(member, contract)
        assert found
        assert found["viewerAccess"]["referenceLevel"] == level
        assert ("UPDATE" in found["viewerCan"]) == (level == "WRITE")


async def test_3_1_fixed_members_have_access_to_the_contracts_that_the_group_is_linked_to(office: Office):
    member = await office.colleague()
    group = await office.group("READ", member)
    linked, other = await office.contract(), await office.contract()
    await office.link(linked, group)
    assert (await access(member, linked), await access(member, other)) == ("READ", None)


# 3.1.1 Wat als de groep die ik probeer aan te maken reeds bestaat?


async def test_3_1_1_a_deleted_group_of_the_name_is_told_with_the_choices(office: Office):
    made = (await office.create("Noord"))["group"]
    await office.act("deleteGroup", "group { id }", **made)

    [error] = (await office.create("noord"))["errors"]

    assert (error["code"], error["refusal"], error["path"]) == ("TAKEN", "GROUP_NAME_INACTIVE", ["name"])
    assert error["choices"] == ["OVERWRITE", "REACTIVATE"]
    assert error["inactiveGroup"] == {"id": made["id"]}


async def test_3_1_1_overschrijven_puts_the_new_group_in_its_place(office: Office):
    made = (await office.create("Noord"))["group"]
    await office.act("deleteGroup", "group { id }", **made)
    new = await office.create("Noord", onInactive="OVERWRITE")
    assert new["errors"] == []
    assert new["group"]["id"] != made["id"]
    await office.act("deleteGroup", "group { id }", **new["group"])
    [error] = (await office.create("Noord"))["errors"]
    assert error["inactiveGroup"]["id"] == new["group"]["id"]


async def test_3_1_1_activeren_brings_the_group_back_without_its_links(office: Office):
    member, contract = await office.colleague(), await office.contract()
    made = (await office.create("Noord", "SEND", member))["group"]
    await office.link(contract, made)
    await office.act("deleteGroup", "group { id }", **made)

    again = await office.create("Noord", "READ", onInactive="REACTIVATE")

    assert (again["errors"], again["group"]["id"]) == ([], made["id"])
    assert await access(member, contract) is None
    await office.link(contract, again["group"])
    assert await access(member, contract) == "SEND"


async def test_3_1_1_naam_wijzigen_makes_a_group_of_another_name(office: Office):
    made = (await office.create("Noord"))["group"]
    await office.act("deleteGroup", "group { id }", **made)
    assert (await office.create("Noord 2"))["errors"] == []
    assert await groups(office) == ["Noord 2"]


# 3.2 Hoe kan ik een groep wijzigen


async def test_3_2_a_change_counts_at_once_in_every_contract(office: Office):
    member, contracts = await office.colleague(), [await office.contract() for _ in range(2)]
    group = await office.group("READ", member)
    for contract in contracts:
        await office.link(contract, group)
    levels = [{"themeCode": "INVOICING", "level": "SEND"}]
    answer = await office.act("updateGroup", "group { version }", **group, themeLevels=levels)
    assert answer["errors"] == []
    assert [await access(member, contract) for contract in contracts] == ["SEND", "SEND"]


async def test_3_2_a_member_can_be_taken_out(office: Office):
    leaving, staying, contract = await office.colleague(), await office.colleague(), await office.contract()
    group = await office.group("READ", leaving, staying)
    await office.link(contract, group)
    given = {"id": group["id"], "userId": global_id("User", leaving.id)}
    assert (await office.act("removeGroupMember", "group { version }", **given))["errors"] == []
    assert (await access(leaving, contract), await access(staying, contract)) == (None, "READ")


# 3.3 Hoe verwijder ik een groep?


async def test_3_3_the_members_of_a_deleted_group_have_no_access_any_more(office: Office):
    member, contract = await office.colleague(), await office.contract()
    group = await office.group("SEND", member)
    await office.link(contract, group)
    assert (await office.act("deleteGroup", "group { active }", **group))["group"] == {"active": False}
    assert await access(member, contract) is None
    assert await groups(office) == []


# 3.4 Hoe geef ik medewerkers toegang tot een overeenkomst?


async def test_3_4_one_or_several_groups_are_linked_and_the_others_are_not(office: Office):
    first, second, contract = await office.colleague(), await office.colleague(), await office.contract()
    groups_made = [await office.group("READ", first), await office.group("SEND", second)]
    await office.link(contract, *groups_made)
    assert (await access(first, contract), await access(second, contract)) == ("READ", "SEND")
    await office.link(contract, groups_made[1])
    assert (await access(first, contract), await access(second, contract)) == (None, "SEND")


async def test_3_4_of_several_groups_the_highest_right_counts(office: Office):
    member, contract = await office.colleague(), await office.contract()
    await office.link(contract, await office.group("READ", member), await office.group("DRAFT", member))
    assert await access(member, contract) == "DRAFT"


# 3.5 Opdrachtspecifieke leden toevoegen aan een opdracht


async def specific(office: Office, link: str, version: int, *members: str) -> None:
    given = {"groupLinkId": link, "version": version, "memberUserIds": list(members)}
    answer = await office.act("setContractSpecificMembers", "groupLink { version }", **given)
    assert answer["errors"] == []


async def test_3_5_a_contract_specific_member_has_the_groups_rights_on_that_contract_only(office: Office):
    extra, contract, other = await office.colleague(), await office.contract(), await office.contract()
    empty = await office.group("DRAFT")
    [link] = await office.link(contract, empty)
    await office.link(other, empty)
    await specific(office, link, 1, global_id("User", extra.id))
    assert (await access(extra, contract), await access(extra, other)) == ("DRAFT", None)
    await specific(office, link, 2)
    assert await access(extra, contract) is None


async def test_3_5_when_the_groups_rights_change_so_do_those_of_its_specific_members(office: Office):
    extra, contract = await office.colleague(), await office.contract()
    empty = await office.group("READ")
    [link] = await office.link(contract, empty)
    await specific(office, link, 1, global_id("User", extra.id))
    levels = [{"themeCode": "INVOICING", "level": "SEND"}]
    await office.act("updateGroup", "group { version }", **empty, themeLevels=levels)
    assert await access(extra, contract) == "SEND"


async def test_4_4_the_address_of_a_member_is_read_in_the_group(office: Office):
    member = await office.colleague()
    group = await office.group("READ", member)
    found = (await read(person(member), MEMBERS, id=group["id"]))["node"]["memberships"]["edges"]
    address = (await WorkRelation.get(user=member)).email
    assert found == [{"node": {"email": address, "user": {"fullName": member.full_name}}}]
