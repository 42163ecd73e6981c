"""What a change would do is told by the code that does it, and nothing of it stays (issue: impact before you act)."""

from typing import Any

import pytest

from domain.models import Action, Contract, DocumentLevel, Group, Membership
from gql.reading.ids import global_id
from tests import rows
from tests.access_cast import EVERYONE, Cast, a_cast
from tests.domain.rules.team import Team, a_team
from tests.gql.execution import execute_operation, read
from tests.table_contents import unchanged

PREVIEW = """mutation($input: PreviewGroupChangeInput!) { previewGroupChange(input: $input) {
  preview { accessChanges { user { id } contract { id } theme { code } before after }
    referenceChanges { user { id } contract { id } before after }
    contractsLeftWithoutSender { id } actionsReleased { id title } }
  errors { code refusal path } } }"""


@pytest.fixture
async def team(database: str) -> Team:
    """A linked group SEND with one member, who has an action."""
    assert database
    return await a_team(await a_cast())


def change(team: Team, theme: str | None, before: str, after: str) -> dict[str, Any]:
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


async def previewed(team: Team, actor: str = "admin", **asked: Any) -> Any:
    async with unchanged():
        return (await read(team.cast.actors[actor], PREVIEW, input=asked))["previewGroupChange"]


async def test_a_deletion_takes_everything_that_the_group_gave(team: Team):
    asked = {"id": global_id("Group", team.group.id), "version": 1}

    answer = await previewed(team, delete=asked)

    assert answer["errors"] == []
    assert answer["preview"] == {
        "accessChanges": [change(team, None, "READ", "NONE"), change(team, "INVOICING", "SEND", "NONE")],
        "referenceChanges": [reference_change(team, "READ", None)],
        "contractsLeftWithoutSender": [{"id": global_id("Contract", team.contract.id)}],
        "actionsReleased": [{"id": global_id("Action", team.action.id), "title": team.action.title}],
    }
    await team.delete()
    assert (await Action.get(id=team.action.id)).status == "OPEN"


async def test_an_update_shows_another_level_and_who_joins(team: Team):
    joining = await rows.a_person_with_right(team.cast.organisation)
    asked = {
        "id": global_id("Group", team.group.id),
        "version": 1,
        "themeLevels": [{"themeCode": "INVOICING", "level": "READ"}],
        "memberUserIds": [global_id("User", team.member.user_id), global_id("User", joining.user_id)],
    }

    preview = (await previewed(team, update=asked))["preview"]

    gained = {"user": {"id": global_id("User", joining.user_id)}}
    assert preview["accessChanges"] == [
        change(team, "INVOICING", "SEND", "READ"),
        change(team, None, "NONE", "READ") | gained,
        change(team, "INVOICING", "NONE", "READ") | gained,
    ]
    assert len(preview["actionsReleased"]) == 1
    assert not await Membership.exists(user_id=joining.user_id)


async def test_an_update_shows_who_may_change_the_own_reference_then(team: Team):
    asked = {
        "id": global_id("Group", team.group.id),
        "version": 1,
        "referenceLevels": [
            {"typeCode": "CONTRACT", "level": "WRITE"},
            {"typeCode": "EXTENDABLE_CONTRACT", "level": "WRITE"},
        ],
    }

    preview = (await previewed(team, update=asked))["preview"]

    assert preview["referenceChanges"] == [reference_change(team, "READ", "WRITE")]
    assert preview["accessChanges"] == []


async def test_unlinking_keeps_what_another_group_gives(team: Team):
    other = await rows.a_group(team.cast.organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    await rows.a_membership(other, team.member)
    await rows.a_link(team.contract, other)
    asked = {"contractId": global_id("Contract", team.contract.id), "version": 1}

    preview = (await previewed(team, setContractGroups=asked | {"groupIds": [global_id("Group", other.id)]}))["preview"]

    assert preview["accessChanges"] == [change(team, "INVOICING", "SEND", "DRAFT")]
    assert preview["referenceChanges"] == []
    assert preview["contractsLeftWithoutSender"] == [{"id": asked["contractId"]}]
    assert preview["actionsReleased"] == []


async def test_it_is_refused_as_the_change_is_with_the_path_inside_the_input(team: Team):
    asked = {"id": global_id("Group", team.group.id), "version": 1}
    answer = await previewed(team, update=asked | {"name": ""})
    assert answer["preview"] is None
    assert answer["errors"] == [{"code": "REQUIRED", "refusal": "REQUIRED", "path": ["update", "name"]}]
    [error] = (await previewed(team, delete=asked | {"version": 9}))["errors"]
    assert error == {"code": "STALE", "refusal": "STALE_VERSION", "path": ["delete", "version"]}


async def test_exactly_one_change_is_previewed(team: Team):
    for asked in ({}, {"delete": None}):
        answer = await execute_operation(team.cast.actors["admin"], PREVIEW, input=asked)
        assert answer.codes == ["BAD_INPUT"]


@pytest.mark.parametrize("who", [who for who in EVERYONE if who not in {"admin", "legal", "nobody"}])
async def test_only_administrators_preview(team: Team, who: str):
    asked = {"id": global_id("Group", team.group.id), "version": 1}
    [error] = (await previewed(team, who, delete=asked))["errors"]
    assert error["code"] == ("FORBIDDEN" if who == "user" else "NOT_FOUND")


async def test_what_it_tells_is_what_happens(team: Team):
    """The contracts that nobody can send on any more are those whose last sender goes."""
    cast: Cast = team.cast
    spare = await rows.a_contract(cast.organisation)
    for group in (team.group, await rows.a_group(cast.organisation, levels={"INVOICING": DocumentLevel.SEND})):
        await rows.a_link(spare, group)
        await rows.a_membership(group)
    asked = {"id": global_id("Group", team.group.id), "version": 1}
    preview = (await previewed(team, delete=asked))["preview"]
    assert preview["contractsLeftWithoutSender"] == [{"id": global_id("Contract", team.contract.id)}]
    assert (await Group.get(id=team.group.id)).active
    assert await Contract.filter(id=spare.id, version=1).exists()
