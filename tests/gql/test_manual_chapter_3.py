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


async def group_names(api: AdministratorApi, search: str | None = None) -> list[str]:
    variables: dict[str, Any] = {"id": global_id("Organisation", api.organisation.id), "search": search}
    data = await read(api.administrator, GROUPS, **variables)
    return [edge["node"]["name"] for edge in data["node"]["groups"]["edges"]]


async def test_an_administrator_reads_all_contracts_of_the_organisation(api: AdministratorApi):
    contract = await api.a_contract()
    assert await invoicing_level(api.administrator, contract) == "READ"
    node = await viewed_contract(api.administrator, contract)
    assert node
    assert not {"DRAFT", "SEND"} & set(node["viewerCan"])


# 3.1 Hoe maak ik een nieuwe groep aan?


async def test_3_1_all_groups_of_the_organisation_are_listed_and_searched(api: AdministratorApi):
    for name in ("Zuid", "Noord"):
        await api.create_group(name)
    await rows.a_group(await rows.an_organisation(), "Elders")
    assert await group_names(api) == ["Noord", "Zuid"]
    assert await group_names(api, "zui") == ["Zuid"]


async def test_3_1_a_group_needs_a_name_and_a_description_but_no_email(api: AdministratorApi):
    for field in ("name", "description"):
        [error] = (await api.create_group(**{"name": "Noord"} | {field: " "}))["errors"]
        assert (error["code"], error["path"]) == ("REQUIRED", [field])
    assert (await api.create_group("Noord"))["errors"] == []
    assert (await api.create_group("Zuid", email="zuid@aannemer.example"))["errors"] == []


@pytest.mark.parametrize(
    ("level", "abilities"), [("NONE", set()), ("READ", set()), ("DRAFT", {"DRAFT"}), ("SEND", {"DRAFT", "SEND"})]
)
async def test_3_1_the_level_of_a_group_on_a_theme_decides_what_its_members_may_do(
    api: AdministratorApi, level: str, abilities: set[str]
):
    member, contract = await api.a_colleague(), await api.a_contract()
    await api.link_groups(contract, await api.created_group(level, member))
    node = await viewed_contract(member, contract)
    assert node
    assert node["viewerAccess"]["themeLevels"] == [{"theme": {"code": "INVOICING"}, "level": level}]
    assert set(node["viewerCan"]) == abilities


async def test_3_1_all_members_of_a_group_have_its_level(api: AdministratorApi):
    members, contract = [await api.a_colleague() for _ in range(3)], await api.a_contract()
    await api.link_groups(contract, await api.created_group("DRAFT", *members))
    assert [await invoicing_level(member, contract) for member in members] == ["DRAFT"] * 3


async def test_3_1_at_first_only_invoicing_is_visible(api: AdministratorApi):
    assert await read(api.administrator, "{ themes { code name } }", language="nl") == {
        "themes": [{"code": "INVOICING", "name": "Facturatie"}]
    }


async def test_3_1_the_level_of_a_group_on_the_own_reference_depends_on_the_contract_type(api: AdministratorApi):
    member = await api.a_colleague()
    ordinary, extendable = await api.a_contract(), await api.a_contract(type_code="EXTENDABLE_CONTRACT")
    levels = [{"typeCode": "EXTENDABLE_CONTRACT", "level": "WRITE"}]
    group = await api.created_group("NONE", member, referenceLevels=levels)
    for contract, level in ((ordinary, "READ"), (extendable, "WRITE")):
        await api.link_groups(contract, group)
        node = await viewed_contract(member, contract)
        assert node
        assert node["viewerAccess"]["referenceLevel"] == level
        assert ("UPDATE" in node["viewerCan"]) == (level == "WRITE")


async def test_3_1_fixed_members_have_access_to_the_contracts_that_the_group_is_linked_to(api: AdministratorApi):
    member = await api.a_colleague()
    group = await api.created_group("READ", member)
    linked, unlinked = await api.a_contract(), await api.a_contract()
    await api.link_groups(linked, group)
    assert (await invoicing_level(member, linked), await invoicing_level(member, unlinked)) == ("READ", None)


# 3.1.1 Wat als de groep die ik probeer aan te maken reeds bestaat?


async def test_3_1_1_the_name_of_a_deleted_group_is_refused_with_the_choices(api: AdministratorApi):
    group = (await api.create_group("Noord"))["group"]
    await api.execute_mutation("deleteGroup", "group { id }", **group)

    [error] = (await api.create_group("noord"))["errors"]

    assert (error["code"], error["refusal"], error["path"]) == ("TAKEN", "GROUP_NAME_INACTIVE", ["name"])
    assert error["choices"] == ["OVERWRITE", "REACTIVATE"]
    assert error["inactiveGroup"] == {"id": group["id"]}


async def test_3_1_1_overschrijven_replaces_the_deleted_group(api: AdministratorApi):
    group = (await api.create_group("Noord"))["group"]
    await api.execute_mutation("deleteGroup", "group { id }", **group)
    replacement = await api.create_group("Noord", onInactive="OVERWRITE")
    assert replacement["errors"] == []
    assert replacement["group"]["id"] != group["id"]
    await api.execute_mutation("deleteGroup", "group { id }", **replacement["group"])
    [error] = (await api.create_group("Noord"))["errors"]
    assert error["inactiveGroup"]["id"] == replacement["group"]["id"]


async def test_3_1_1_activeren_brings_the_group_back_without_its_links(api: AdministratorApi):
    member, contract = await api.a_colleague(), await api.a_contract()
    group = (await api.create_group("Noord", "SEND", member))["group"]
    await api.link_groups(contract, group)
    await api.execute_mutation("deleteGroup", "group { id }", **group)

    reactivated = await api.create_group("Noord", "READ", onInactive="REACTIVATE")

    assert (reactivated["errors"], reactivated["group"]["id"]) == ([], group["id"])
    assert await invoicing_level(member, contract) is None
    await api.link_groups(contract, reactivated["group"])
    assert await invoicing_level(member, contract) == "SEND"


async def test_3_1_1_naam_wijzigen_creates_a_group_of_another_name(api: AdministratorApi):
    group = (await api.create_group("Noord"))["group"]
    await api.execute_mutation("deleteGroup", "group { id }", **group)
    assert (await api.create_group("Noord 2"))["errors"] == []
    assert await group_names(api) == ["Noord 2"]


# 3.2 Hoe kan ik een groep wijzigen


async def test_3_2_a_change_takes_effect_at_once_in_every_contract(api: AdministratorApi):
    member, contracts = await api.a_colleague(), [await api.a_contract() for _ in range(2)]
    group = await api.created_group("READ", member)
    for contract in contracts:
        await api.link_groups(contract, group)
    levels = [{"themeCode": "INVOICING", "level": "SEND"}]
    payload = await api.execute_mutation("updateGroup", "group { version }", **group, themeLevels=levels)
    assert payload["errors"] == []
    assert [await invoicing_level(member, contract) for contract in contracts] == ["SEND", "SEND"]


async def test_3_2_a_removed_member_loses_access(api: AdministratorApi):
    leaving, staying, contract = await api.a_colleague(), await api.a_colleague(), await api.a_contract()
    group = await api.created_group("READ", leaving, staying)
    await api.link_groups(contract, group)
    removal = {"id": group["id"], "userId": global_id("User", leaving.id)}
    assert (await api.execute_mutation("removeGroupMember", "group { version }", **removal))["errors"] == []
    assert (await invoicing_level(leaving, contract), await invoicing_level(staying, contract)) == (None, "READ")


# 3.3 Hoe verwijder ik een groep?


async def test_3_3_the_members_of_a_deleted_group_lose_access(api: AdministratorApi):
    member, contract = await api.a_colleague(), await api.a_contract()
    group = await api.created_group("SEND", member)
    await api.link_groups(contract, group)
    assert (await api.execute_mutation("deleteGroup", "group { active }", **group))["group"] == {"active": False}
    assert await invoicing_level(member, contract) is None
    assert await group_names(api) == []


# 3.4 Hoe geef ik medewerkers toegang tot een overeenkomst?


async def test_3_4_linking_groups_sets_the_whole_selection(api: AdministratorApi):
    first, second, contract = await api.a_colleague(), await api.a_colleague(), await api.a_contract()
    groups = [await api.created_group("READ", first), await api.created_group("SEND", second)]
    await api.link_groups(contract, *groups)
    assert (await invoicing_level(first, contract), await invoicing_level(second, contract)) == ("READ", "SEND")
    await api.link_groups(contract, groups[1])
    assert (await invoicing_level(first, contract), await invoicing_level(second, contract)) == (None, "SEND")


async def test_3_4_the_highest_level_of_several_groups_counts(api: AdministratorApi):
    member, contract = await api.a_colleague(), await api.a_contract()
    await api.link_groups(contract, await api.created_group("READ", member), await api.created_group("DRAFT", member))
    assert await invoicing_level(member, contract) == "DRAFT"


# 3.5 Opdrachtspecifieke leden toevoegen aan een opdracht


async def set_specific_members(api: AdministratorApi, link: str, version: int, *members: str) -> None:
    mutation_input = {"groupLinkId": link, "version": version, "memberUserIds": list(members)}
    payload = await api.execute_mutation("setContractSpecificMembers", "groupLink { version }", **mutation_input)
    assert payload["errors"] == []


async def test_3_5_a_contract_specific_member_has_the_groups_rights_on_that_contract_only(api: AdministratorApi):
    member, contract, other_contract = await api.a_colleague(), await api.a_contract(), await api.a_contract()
    group = await api.created_group("DRAFT")
    [link] = await api.link_groups(contract, group)
    await api.link_groups(other_contract, group)
    await set_specific_members(api, link, 1, global_id("User", member.id))
    assert (await invoicing_level(member, contract), await invoicing_level(member, other_contract)) == ("DRAFT", None)
    await set_specific_members(api, link, 2)
    assert await invoicing_level(member, contract) is None


async def test_3_5_contract_specific_members_follow_changes_of_the_group(api: AdministratorApi):
    member, contract = await api.a_colleague(), await api.a_contract()
    group = await api.created_group("READ")
    [link] = await api.link_groups(contract, group)
    await set_specific_members(api, link, 1, global_id("User", member.id))
    levels = [{"themeCode": "INVOICING", "level": "SEND"}]
    await api.execute_mutation("updateGroup", "group { version }", **group, themeLevels=levels)
    assert await invoicing_level(member, contract) == "SEND"


async def test_4_4_a_member_reads_the_addresses_of_the_members_of_their_group(api: AdministratorApi):
    member = await api.a_colleague()
    group = await api.created_group("READ", member)
    edges = (await read(person(member), MEMBERS, id=group["id"]))["node"]["memberships"]["edges"]
    address = (await WorkRelation.get(user=member)).email
    assert edges == [{"node": {"email": address, "user": {"fullName": member.full_name}}}]
