"""Chapter 3 of the manual (Beheer), sentence by sentence."""

from typing import Any

import pytest

from domain.models import WorkRelation
from gql.reading.ids import global_id
from tests import rows
from tests.gql.administrator_api import AdministratorApi, an_administrator_api, invoicing_level, viewed_contract
from tests.gql.execution import person, read

GROUPS = """query($id: ID!, $search: String) { node(id: $id) { ... on Organisation {
  groups(filter: {active: true, search: $search}) { edges { node { name } } } } } }"""
MEMBERS = """query($id: ID!) { node(id: $id) { ... on Group { memberships {
  edges { node { email user { fullName } } } } } } }"""


@pytest.fixture
async def api(database: str) -> AdministratorApi:
    """An organisation with an administrator."""
    assert database
    return await an_administrator_api()


async def groups(api: AdministratorApi, search: str | None = None) -> list[str]:
    given: dict[str, Any] = {"id": global_id("Organisation", api.organisation.id), "search": search}
    found = await read(api.administrator, GROUPS, **given)
    return [edge["node"]["name"] for edge in found["node"]["groups"]["edges"]]


async def test_an_administrator_reads_all_contracts_of_the_organisation(api: AdministratorApi):
    contract = await api.a_contract()
    assert await invoicing_level(api.administrator, contract) == "READ"
    found = await viewed_contract(api.administrator, contract)
    assert found
    assert not {"DRAFT", "SEND"} & set(found["viewerCan"])


# 3.1 Hoe maak ik een nieuwe groep aan?


async def test_3_1_all_groups_of_the_organisation_are_listed_and_searched(api: AdministratorApi):
    for name in ("Zuid", "Noord"):
        await api.create_group(name)
    await rows.a_group(await rows.an_organisation(), "Elders")
    assert await groups(api) == ["Noord", "Zuid"]
    assert await groups(api, "zui") == ["Zuid"]


async def test_3_1_a_group_has_a_name_and_a_description_and_an_address_only_if_one_wants(api: AdministratorApi):
    for field in ("name", "description"):
        [error] = (await api.create_group(**{"name": "Noord"} | {field: " "}))["errors"]
        assert (error["code"], error["path"]) == ("REQUIRED", [field])
    assert (await api.create_group("Noord"))["errors"] == []
    assert (await api.create_group("Zuid", email="zuid@aannemer.example"))["errors"] == []


@pytest.mark.parametrize(
    ("level", "abilities"), [("NONE", set()), ("READ", set()), ("DRAFT", {"DRAFT"}), ("SEND", {"DRAFT", "SEND"})]
)
async def test_3_1_a_group_reads_draws_up_or_sends_per_theme(api: AdministratorApi, level: str, abilities: set[str]):
    member, contract = await api.a_colleague(), await api.a_contract()
    await api.link_groups(contract, await api.created_group(level, member))
    found = await viewed_contract(member, contract)
    assert found
    assert found["viewerAccess"]["themeLevels"] == [{"theme": {"code": "INVOICING"}, "level": level}]
    assert set(found["viewerCan"]) == abilities


async def test_3_1_the_rights_are_those_of_the_whole_group(api: AdministratorApi):
    members, contract = [await api.a_colleague() for _ in range(3)], await api.a_contract()
    await api.link_groups(contract, await api.created_group("DRAFT", *members))
    assert [await invoicing_level(member, contract) for member in members] == ["DRAFT"] * 3


async def test_3_1_at_first_only_invoicing_is_visible(api: AdministratorApi):
    assert await read(api.administrator, "{ themes { code name } }", language="nl") == {
        "themes": [{"code": "INVOICING", "name": "Facturatie"}]
    }


async def test_3_1_a_group_reads_or_changes_the_own_reference_per_type_of_contract(api: AdministratorApi):
    member = await api.a_colleague()
    plain, extendable = await api.a_contract(), await api.a_contract(type_code="EXTENDABLE_CONTRACT")
    levels = [{"typeCode": "EXTENDABLE_CONTRACT", "level": "WRITE"}]
    group = await api.created_group("NONE", member, referenceLevels=levels)
    for contract, level in ((plain, "READ"), (extendable, "WRITE")):
        await api.link_groups(contract, group)
        found = await viewed_contract(member, contract)
        assert found
        assert found["viewerAccess"]["referenceLevel"] == level
        assert ("UPDATE" in found["viewerCan"]) == (level == "WRITE")


async def test_3_1_fixed_members_have_access_to_the_contracts_that_the_group_is_linked_to(api: AdministratorApi):
    member = await api.a_colleague()
    group = await api.created_group("READ", member)
    linked, other = await api.a_contract(), await api.a_contract()
    await api.link_groups(linked, group)
    assert (await invoicing_level(member, linked), await invoicing_level(member, other)) == ("READ", None)


# 3.1.1 Wat als de groep die ik probeer aan te maken reeds bestaat?


async def test_3_1_1_a_deleted_group_of_the_name_is_told_with_the_choices(api: AdministratorApi):
    made = (await api.create_group("Noord"))["group"]
    await api.execute_mutation("deleteGroup", "group { id }", **made)

    [error] = (await api.create_group("noord"))["errors"]

    assert (error["code"], error["refusal"], error["path"]) == ("TAKEN", "GROUP_NAME_INACTIVE", ["name"])
    assert error["choices"] == ["OVERWRITE", "REACTIVATE"]
    assert error["inactiveGroup"] == {"id": made["id"]}


async def test_3_1_1_overschrijven_puts_the_new_group_in_its_place(api: AdministratorApi):
    made = (await api.create_group("Noord"))["group"]
    await api.execute_mutation("deleteGroup", "group { id }", **made)
    new = await api.create_group("Noord", onInactive="OVERWRITE")
    assert new["errors"] == []
    assert new["group"]["id"] != made["id"]
    await api.execute_mutation("deleteGroup", "group { id }", **new["group"])
    [error] = (await api.create_group("Noord"))["errors"]
    assert error["inactiveGroup"]["id"] == new["group"]["id"]


async def test_3_1_1_activeren_brings_the_group_back_without_its_links(api: AdministratorApi):
    member, contract = await api.a_colleague(), await api.a_contract()
    made = (await api.create_group("Noord", "SEND", member))["group"]
    await api.link_groups(contract, made)
    await api.execute_mutation("deleteGroup", "group { id }", **made)

    again = await api.create_group("Noord", "READ", onInactive="REACTIVATE")

    assert (again["errors"], again["group"]["id"]) == ([], made["id"])
    assert await invoicing_level(member, contract) is None
    await api.link_groups(contract, again["group"])
    assert await invoicing_level(member, contract) == "SEND"


async def test_3_1_1_naam_wijzigen_makes_a_group_of_another_name(api: AdministratorApi):
    made = (await api.create_group("Noord"))["group"]
    await api.execute_mutation("deleteGroup", "group { id }", **made)
    assert (await api.create_group("Noord 2"))["errors"] == []
    assert await groups(api) == ["Noord 2"]


# 3.2 Hoe kan ik een groep wijzigen


async def test_3_2_a_change_counts_at_once_in_every_contract(api: AdministratorApi):
    member, contracts = await api.a_colleague(), [await api.a_contract() for _ in range(2)]
    group = await api.created_group("READ", member)
    for contract in contracts:
        await api.link_groups(contract, group)
    levels = [{"themeCode": "INVOICING", "level": "SEND"}]
    answer = await api.execute_mutation("updateGroup", "group { version }", **group, themeLevels=levels)
    assert answer["errors"] == []
    assert [await invoicing_level(member, contract) for contract in contracts] == ["SEND", "SEND"]


async def test_3_2_a_member_can_be_taken_out(api: AdministratorApi):
    leaving, staying, contract = await api.a_colleague(), await api.a_colleague(), await api.a_contract()
    group = await api.created_group("READ", leaving, staying)
    await api.link_groups(contract, group)
    given = {"id": group["id"], "userId": global_id("User", leaving.id)}
    assert (await api.execute_mutation("removeGroupMember", "group { version }", **given))["errors"] == []
    assert (await invoicing_level(leaving, contract), await invoicing_level(staying, contract)) == (None, "READ")


# 3.3 Hoe verwijder ik een groep?


async def test_3_3_the_members_of_a_deleted_group_have_no_access_any_more(api: AdministratorApi):
    member, contract = await api.a_colleague(), await api.a_contract()
    group = await api.created_group("SEND", member)
    await api.link_groups(contract, group)
    assert (await api.execute_mutation("deleteGroup", "group { active }", **group))["group"] == {"active": False}
    assert await invoicing_level(member, contract) is None
    assert await groups(api) == []


# 3.4 Hoe geef ik medewerkers toegang tot een overeenkomst?


async def test_3_4_one_or_several_groups_are_linked_and_the_others_are_not(api: AdministratorApi):
    first, second, contract = await api.a_colleague(), await api.a_colleague(), await api.a_contract()
    groups_made = [await api.created_group("READ", first), await api.created_group("SEND", second)]
    await api.link_groups(contract, *groups_made)
    assert (await invoicing_level(first, contract), await invoicing_level(second, contract)) == ("READ", "SEND")
    await api.link_groups(contract, groups_made[1])
    assert (await invoicing_level(first, contract), await invoicing_level(second, contract)) == (None, "SEND")


async def test_3_4_of_several_groups_the_highest_right_counts(api: AdministratorApi):
    member, contract = await api.a_colleague(), await api.a_contract()
    await api.link_groups(contract, await api.created_group("READ", member), await api.created_group("DRAFT", member))
    assert await invoicing_level(member, contract) == "DRAFT"


# 3.5 Opdrachtspecifieke leden toevoegen aan een opdracht


async def specific(api: AdministratorApi, link: str, version: int, *members: str) -> None:
    given = {"groupLinkId": link, "version": version, "memberUserIds": list(members)}
    answer = await api.execute_mutation("setContractSpecificMembers", "groupLink { version }", **given)
    assert answer["errors"] == []


async def test_3_5_a_contract_specific_member_has_the_groups_rights_on_that_contract_only(api: AdministratorApi):
    extra, contract, other = await api.a_colleague(), await api.a_contract(), await api.a_contract()
    empty = await api.created_group("DRAFT")
    [link] = await api.link_groups(contract, empty)
    await api.link_groups(other, empty)
    await specific(api, link, 1, global_id("User", extra.id))
    assert (await invoicing_level(extra, contract), await invoicing_level(extra, other)) == ("DRAFT", None)
    await specific(api, link, 2)
    assert await invoicing_level(extra, contract) is None


async def test_3_5_when_the_groups_rights_change_so_do_those_of_its_specific_members(api: AdministratorApi):
    extra, contract = await api.a_colleague(), await api.a_contract()
    empty = await api.created_group("READ")
    [link] = await api.link_groups(contract, empty)
    await specific(api, link, 1, global_id("User", extra.id))
    levels = [{"themeCode": "INVOICING", "level": "SEND"}]
    await api.execute_mutation("updateGroup", "group { version }", **empty, themeLevels=levels)
    assert await invoicing_level(extra, contract) == "SEND"


async def test_4_4_the_address_of_a_member_is_read_in_the_group(api: AdministratorApi):
    member = await api.a_colleague()
    group = await api.created_group("READ", member)
    found = (await read(person(member), MEMBERS, id=group["id"]))["node"]["memberships"]["edges"]
    address = (await WorkRelation.get(user=member)).email
    assert found == [{"node": {"email": address, "user": {"fullName": member.full_name}}}]
