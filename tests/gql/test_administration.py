"""The administration of groups and contracts through the API (manual 3)."""

from typing import Any

import pytest

from domain.models import DocumentLevel, Group
from gql.reading.ids import global_id
from tests import rows
from tests.access_cast import Cast, a_cast
from tests.gql.execution import execute_operation, read

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


async def update(cast: Cast, group: Group, **change: Any) -> Any:
    given = {"id": global_id("Group", group.id), "version": 1, **change}
    return (await read(cast.actors["admin"], UPDATE, input=given))["updateGroup"]


async def test_in_an_update_left_out_is_unchanged_null_empties_and_a_list_replaces(cast: Cast):
    group = await a_group(cast)
    await rows.a_membership(group)

    answer = await update(cast, group, email=None, memberUserIds=None)

    assert answer["errors"] == []
    assert answer["group"] == {
        "name": "Ploeg Noord",
        "description": "Leden van Ploeg Noord",
        "email": None,
        "themeLevels": [{"level": "SEND"}],
        "memberUserIds": [],
        "version": 2,
    }


@pytest.mark.parametrize("field", ["name", "description", "themeLevels", "referenceLevels"])
async def test_null_for_something_required_is_refused(cast: Cast, field: str):
    answer = await update(cast, await a_group(cast), **{field: None})
    assert answer == {"group": None, "errors": [{"code": "REQUIRED", "refusal": "REQUIRED", "path": [field]}]}


async def test_all_that_is_required_and_null_is_told_at_once(cast: Cast):
    answer = await update(cast, await a_group(cast), themeLevels=None, name=None, email=None, description=None)
    assert [error["path"] for error in answer["errors"]] == [["name"], ["description"], ["themeLevels"]]


async def test_a_stale_version_comes_with_the_current_state(cast: Cast):
    group = await a_group(cast)
    await update(cast, group, description="Eerst")

    [error] = (await update(cast, group, description="Daarna"))["errors"]

    current = {"description": "Eerst", "version": 2}
    assert error == {
        "code": "STALE",
        "refusal": "STALE_VERSION",
        "path": ["version"],
        "currentVersion": 2,
        "current": current,
    }


async def test_reactivated_it_lists_the_contracts_that_it_had(cast: Cast):
    group, admin = await a_group(cast), cast.actors["admin"]
    contracts = [await rows.a_contract(cast.organisation) for _ in range(2)]
    for contract in contracts:
        await rows.a_link(contract, group)
    given = {"id": global_id("Group", group.id), "version": 1}
    deleted = (await read(admin, DELETE, input=given))["deleteGroup"]
    assert deleted == {"group": {"id": given["id"], "active": False}, "errors": []}
    new: dict[str, Any] = {
        "organisationId": global_id("Organisation", cast.organisation.id),
        "name": "Ploeg Noord",
        "description": "Weer",
        "themeLevels": [],
    }
    [error] = (await read(admin, CREATE, input=new))["createGroup"]["errors"]
    assert error["choices"] == ["OVERWRITE", "REACTIVATE"]
    assert error["inactiveGroup"]["id"] == given["id"]

    made = (await read(admin, CREATE, input=new | {"onInactive": "REACTIVATE"}))["createGroup"]

    assert made == {"group": {"id": given["id"]}, "errors": []}
    node = (await read(admin, FORMER, id=given["id"]))["node"]
    former = [edge["node"]["id"] for edge in node["formerContracts"]["edges"]]
    assert sorted(former) == sorted(global_id("Contract", contract.id) for contract in contracts)
    assert node["contracts"]["totalCount"] == 0


async def test_former_contracts_are_for_administrators(cast: Cast):
    group = await a_group(cast)
    await rows.a_membership(group, cast.relations["user"])
    node = (await read(cast.actors["user"], FORMER, id=global_id("Group", group.id)))["node"]
    assert node["formerContracts"] is None


async def test_specific_members_and_contract_data_are_set(cast: Cast):
    link = await rows.a_link(await rows.a_contract(cast.organisation), await a_group(cast))
    chosen = global_id("User", cast.people["user"].id)
    members = {"groupLinkId": global_id("GroupLink", link.id), "version": 1, "memberUserIds": [chosen]}
    answer = await execute_operation(cast.actors["admin"], MEMBERS, input=members)
    expected = {"groupLink": {"memberUserIds": [chosen], "version": 2}, "errors": []}
    assert answer.data["setContractSpecificMembers"] == expected

    given = {"id": global_id("Contract", link.contract_id), "version": 1, "ownReference": "Werf 12"}
    answer = await execute_operation(cast.actors["admin"], CONTRACT, input=given)
    changed = {"ownReference": "Werf 12", "email": None, "version": 2}
    assert answer.data["updateContract"] == {"contract": changed, "errors": []}
