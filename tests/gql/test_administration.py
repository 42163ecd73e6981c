"""The administration of groups and contracts through the API (manual 3)."""

from typing import Any

import pytest

from domain.models import DocumentLevel, Group
from gql.reading.ids import global_id
from tests import rows
from tests.access_cast import Cast, a_cast
from tests.gql.execution import read

CREATE = """mutation($input: CreateGroupInput!) { createGroup(input: $input) { group { id } errors { refusal
  ... on InactiveGroupError { choices inactiveGroup { id } } } } }"""
UPDATE = """mutation($input: UpdateGroupInput!) { updateGroup(input: $input) {
  group { name description email themeLevels { level } memberUserIds version } errors { code refusal path
  ... on StaleVersionError { currentVersion current { ... on Group { description version } } } } } }"""
DELETE = "mutation($input: DeleteGroupInput!) { deleteGroup(input: $input) { group { id active } errors { refusal } } }"
FORMER = """query($id: ID!) { node(id: $id) { ... on Group {
  formerContracts { edges { node { id } } } contracts { totalCount } } } }"""
MEMBERS = """mutation($input: SetContractSpecificMembersInput!) { setContractSpecificMembers(input: $input) {
  groupLink { memberUserIds version } errors { code refusal path message } } }"""
CONTRACT = """mutation($input: UpdateContractInput!) { updateContract(input: $input) {
  contract { ownReference email version } errors { code refusal path } } }"""


@pytest.fixture
async def cast(database: str) -> Cast:
    """An organisation with one person of each kind."""
    assert database
    return await a_cast()


async def a_group(cast: Cast) -> Group:
    return await rows.a_group(
        cast.organisation, "Ploeg Noord", email="noord@b.example", levels={"INVOICING": DocumentLevel.SEND}
    )


async def update_group(cast: Cast, group: Group, **change: Any) -> Any:
    update_input = {"id": global_id("Group", group.id), "version": 1, **change}
    return (await read(cast.actors["admin"], UPDATE, input=update_input))["updateGroup"]


async def test_an_update_keeps_what_is_left_out_empties_what_is_null_and_replaces_lists(cast: Cast):
    group = await a_group(cast)
    await rows.a_membership(group)

    payload = await update_group(cast, group, email=None, memberUserIds=None)

    assert payload["errors"] == []
    assert payload["group"] == {
        "name": "Ploeg Noord",
        "description": "Leden van Ploeg Noord",
        "email": None,
        "themeLevels": [{"level": "SEND"}],
        "memberUserIds": [],
        "version": 2,
    }


@pytest.mark.parametrize("field", ["name", "description", "themeLevels", "referenceLevels"])
async def test_null_for_something_required_is_refused(cast: Cast, field: str):
    payload = await update_group(cast, await a_group(cast), **{field: None})
    assert payload == {"group": None, "errors": [{"code": "REQUIRED", "refusal": "REQUIRED", "path": [field]}]}


async def test_every_null_for_something_required_is_reported_at_once(cast: Cast):
    payload = await update_group(cast, await a_group(cast), themeLevels=None, name=None, email=None, description=None)
    assert [error["path"] for error in payload["errors"]] == [["name"], ["description"], ["themeLevels"]]


async def test_a_stale_version_is_refused_with_the_current_state(cast: Cast):
    group = await a_group(cast)
    await update_group(cast, group, description="Eerst")

    [error] = (await update_group(cast, group, description="Daarna"))["errors"]

    current = {"description": "Eerst", "version": 2}
    assert error == {
        "code": "STALE",
        "refusal": "STALE_VERSION",
        "path": ["version"],
        "currentVersion": 2,
        "current": current,
    }


async def test_a_reactivated_group_lists_its_former_contracts(cast: Cast):
    group, admin = await a_group(cast), cast.actors["admin"]
    contracts = [await rows.a_contract(cast.organisation) for _ in range(2)]
    for contract in contracts:
        await rows.a_link(contract, group)
    delete_input = {"id": global_id("Group", group.id), "version": 1}
    deleted = (await read(admin, DELETE, input=delete_input))["deleteGroup"]
    assert deleted == {"group": {"id": delete_input["id"], "active": False}, "errors": []}
    create_input: dict[str, Any] = {
        "organisationId": global_id("Organisation", cast.organisation.id),
        "name": "Ploeg Noord",
        "description": "Weer",
        "themeLevels": [],
    }
    [error] = (await read(admin, CREATE, input=create_input))["createGroup"]["errors"]
    assert error["choices"] == ["OVERWRITE", "REACTIVATE"]
    assert error["inactiveGroup"]["id"] == delete_input["id"]

    reactivated = (await read(admin, CREATE, input=create_input | {"onInactive": "REACTIVATE"}))["createGroup"]

    assert reactivated == {"group": {"id": delete_input["id"]}, "errors": []}
    node = (await read(admin, FORMER, id=delete_input["id"]))["node"]
    former = [edge["node"]["id"] for edge in node["formerContracts"]["edges"]]
    assert sorted(former) == sorted(global_id("Contract", contract.id) for contract in contracts)
    assert node["contracts"]["totalCount"] == 0


async def test_former_contracts_are_null_for_a_user(cast: Cast):
    group = await a_group(cast)
    await rows.a_membership(group, cast.relations["user"])
    node = (await read(cast.actors["user"], FORMER, id=global_id("Group", group.id)))["node"]
    assert node["formerContracts"] is None


async def test_contract_specific_members_are_set(cast: Cast):
    link = await rows.a_link(await rows.a_contract(cast.organisation), await a_group(cast))
    user_id = global_id("User", cast.people["user"].id)
    members_input = {"groupLinkId": global_id("GroupLink", link.id), "version": 1, "memberUserIds": [user_id]}

    data = await read(cast.actors["admin"], MEMBERS, input=members_input)

    group_link = {"memberUserIds": [user_id], "version": 2}
    assert data["setContractSpecificMembers"] == {"groupLink": group_link, "errors": []}


async def test_the_own_reference_of_a_contract_is_set(cast: Cast):
    contract = await rows.a_contract(cast.organisation)
    contract_input = {"id": global_id("Contract", contract.id), "version": 1, "ownReference": "Werf 12"}

    data = await read(cast.actors["admin"], CONTRACT, input=contract_input)

    updated = {"ownReference": "Werf 12", "email": None, "version": 2}
    assert data["updateContract"] == {"contract": updated, "errors": []}
