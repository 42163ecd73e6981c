"""A preview of a change runs the code of the change and leaves nothing behind."""

from typing import Any

import pytest

from domain.models import Action, Contract, DocumentLevel, Group, Membership
from gql.reading.ids import global_id
from tests import rows
from tests.access_cast import EVERYONE, Cast, a_cast
from tests.domain.rules.team import Team, a_team
from tests.gql.execution import execute_operation, read
from tests.table_contents import assert_tables_unchanged

PREVIEW = """mutation($input: PreviewGroupChangeInput!) { previewGroupChange(input: $input) {
  preview { accessChanges { user { id } contract { id } theme { code } before after }
    referenceChanges { user { id } contract { id } before after }
    contractsLeftWithoutSender { id } actionsReleased { id title } }
  errors { code refusal path } } }"""


@pytest.fixture
async def team(database: str) -> Team:
    """A linked group with SEND and one member, who has an action."""
    assert database
    return await a_team(await a_cast())


def access_change(team: Team, theme: str | None, before: str, after: str) -> dict[str, Any]:
    contract = {"id": global_id("Contract", team.contract.id)}
    user = {"id": global_id("User", team.member.user_id)}
    return {
        "user": user,
        "contract": contract,
        "theme": theme and {"code": theme},
        "before": before,
        "after": after,
    }


def reference_change(team: Team, before: str | None, after: str | None) -> dict[str, Any]:
    user, contract = global_id("User", team.member.user_id), global_id("Contract", team.contract.id)
    return {"user": {"id": user}, "contract": {"id": contract}, "before": before, "after": after}


async def preview_change(team: Team, actor: str = "admin", **change: Any) -> Any:
    """The payload of previewGroupChange, which must change nothing."""
    async with assert_tables_unchanged():
        return (await read(team.cast.actors[actor], PREVIEW, input=change))["previewGroupChange"]


async def test_a_deletion_previews_the_loss_of_all_access_by_the_group(team: Team):
    deletion = {"id": global_id("Group", team.group.id), "version": 1}

    payload = await preview_change(team, delete=deletion)

    assert payload["errors"] == []
    assert payload["preview"] == {
        "accessChanges": [access_change(team, None, "READ", "NONE"), access_change(team, "INVOICING", "SEND", "NONE")],
        "referenceChanges": [reference_change(team, "READ", None)],
        "contractsLeftWithoutSender": [{"id": global_id("Contract", team.contract.id)}],
        "actionsReleased": [{"id": global_id("Action", team.action.id), "title": team.action.title}],
    }
    await team.delete()
    assert (await Action.get(id=team.action.id)).status == "OPEN"


async def test_an_update_previews_another_level_and_a_new_member(team: Team):
    new_member = await rows.a_person_with_right(team.cast.organisation)
    update = {
        "id": global_id("Group", team.group.id),
        "version": 1,
        "themeLevels": [{"themeCode": "INVOICING", "level": "READ"}],
        "memberUserIds": [global_id("User", team.member.user_id), global_id("User", new_member.user_id)],
    }

    preview = (await preview_change(team, update=update))["preview"]

    of_new_member = {"user": {"id": global_id("User", new_member.user_id)}}
    assert preview["accessChanges"] == [
        access_change(team, "INVOICING", "SEND", "READ"),
        access_change(team, None, "NONE", "READ") | of_new_member,
        access_change(team, "INVOICING", "NONE", "READ") | of_new_member,
    ]
    assert len(preview["actionsReleased"]) == 1
    assert not await Membership.exists(user_id=new_member.user_id)


async def test_an_update_previews_another_level_on_the_own_reference(team: Team):
    update = {
        "id": global_id("Group", team.group.id),
        "version": 1,
        "referenceLevels": [
            {"typeCode": "CONTRACT", "level": "WRITE"},
            {"typeCode": "EXTENDABLE_CONTRACT", "level": "WRITE"},
        ],
    }

    preview = (await preview_change(team, update=update))["preview"]

    assert preview["referenceChanges"] == [reference_change(team, "READ", "WRITE")]
    assert preview["accessChanges"] == []


async def test_unlinking_previews_that_access_by_another_group_remains(team: Team):
    other_group = await rows.a_group(team.cast.organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    await rows.a_membership(other_group, team.member)
    await rows.a_link(team.contract, other_group)
    unlinking = {"contractId": global_id("Contract", team.contract.id), "version": 1}

    preview = (
        await preview_change(team, setContractGroups=unlinking | {"groupIds": [global_id("Group", other_group.id)]})
    )["preview"]

    assert preview["accessChanges"] == [access_change(team, "INVOICING", "SEND", "DRAFT")]
    assert preview["referenceChanges"] == []
    assert preview["contractsLeftWithoutSender"] == [{"id": unlinking["contractId"]}]
    assert preview["actionsReleased"] == []


async def test_a_preview_is_refused_like_the_change_with_the_path_inside_the_input(team: Team):
    group = {"id": global_id("Group", team.group.id), "version": 1}
    payload = await preview_change(team, update=group | {"name": ""})
    assert payload["preview"] is None
    assert payload["errors"] == [{"code": "REQUIRED", "refusal": "REQUIRED", "path": ["update", "name"]}]
    [error] = (await preview_change(team, delete=group | {"version": 9}))["errors"]
    assert error == {"code": "STALE", "refusal": "STALE_VERSION", "path": ["delete", "version"]}


async def test_a_preview_needs_exactly_one_change(team: Team):
    for preview_input in ({}, {"delete": None}):
        result = await execute_operation(team.cast.actors["admin"], PREVIEW, input=preview_input)
        assert result.codes == ["BAD_INPUT"]


@pytest.mark.parametrize("who", [who for who in EVERYONE if who not in {"admin", "legal", "nobody"}])
async def test_only_administrators_preview(team: Team, who: str):
    deletion = {"id": global_id("Group", team.group.id), "version": 1}
    [error] = (await preview_change(team, who, delete=deletion))["errors"]
    assert error["code"] == ("FORBIDDEN" if who == "user" else "NOT_FOUND")


async def test_contracts_left_without_sender_are_those_whose_last_sender_goes(team: Team):
    cast: Cast = team.cast
    other_contract = await rows.a_contract(cast.organisation)
    for group in (team.group, await rows.a_group(cast.organisation, levels={"INVOICING": DocumentLevel.SEND})):
        await rows.a_link(other_contract, group)
        await rows.a_membership(group)
    deletion = {"id": global_id("Group", team.group.id), "version": 1}
    preview = (await preview_change(team, delete=deletion))["preview"]
    assert preview["contractsLeftWithoutSender"] == [{"id": global_id("Contract", team.contract.id)}]
    assert (await Group.get(id=team.group.id)).active
    assert await Contract.filter(id=other_contract.id, version=1).exists()
