"""What a mutation changes beside its object is reachable from its payload, for a cache to take in."""

from datetime import timedelta
from typing import Any

import pytest

from domain.models import (
    AccessMandateKind,
    AccessRight,
    Action,
    ActionStatus,
    Contract,
    DocumentLevel,
    Role,
    User,
    WorkRelationPeriod,
)
from gql.reading.ids import global_id
from tests import rows
from tests.gql.access_mutations import id_of
from tests.gql.administrator_api import AdministratorApi, an_administrator_api
from tests.gql.execution import captured_statements, execute_operation, person, read

pytestmark = pytest.mark.usefixtures("database")
TYING = """contract { version groupLinks { group { id } } }
  endedGroupLinks { id group { id name contracts { totalCount } } }"""


async def tying(api: AdministratorApi, contract: Any, version: int, *groups: dict[str, Any]) -> dict[str, Any]:
    """What setContractGroups answers the administrator."""
    given = {"contractId": id_of(contract), "version": version, "groupIds": [group["id"] for group in groups]}
    return await api.execute_mutation("setContractGroups", TYING, **given)


async def test_groups_that_are_untied_come_back_as_they_are_now():
    api = await an_administrator_api()
    first, second, third = [await api.created_group() for _ in range(3)]
    contract, other = [await api.a_contract() for _ in range(2)]
    await api.link_groups(other, second)
    links = await api.link_groups(contract, first, second)

    told = await tying(api, contract, 2, third)

    assert told["errors"] == []
    assert told["contract"] == {"version": 3, "groupLinks": [{"group": {"id": third["id"]}}]}
    ended = [(link["id"], link["group"]["id"], link["group"]["contracts"]) for link in told["endedGroupLinks"]]
    assert ended == [
        (links[0], first["id"], {"totalCount": 0}),
        (links[1], second["id"], {"totalCount": 1}),
    ]


async def test_what_ended_is_not_read_unless_it_is_selected():
    api = await an_administrator_api()
    group, contract = await api.created_group(), await api.a_contract()
    await api.link_groups(contract, group)

    with captured_statements() as statements:
        payload = await api.execute_mutation(
            "setContractGroups", "", contractId=id_of(contract), version=2, groupIds=[]
        )

    assert payload["errors"] == []
    assert any("update group_link" in statement for statement in statements)
    assert not [statement for statement in statements if 'FROM "group_link"' in statement]


async def test_nothing_that_ended_comes_with_what_changed_nothing_or_was_refused():
    api = await an_administrator_api()
    group, contract = await api.created_group(), await api.a_contract()
    await api.link_groups(contract, group)

    same, stale = await tying(api, contract, 2, group), await tying(api, contract, 1)

    assert (same["errors"], same["endedGroupLinks"]) == ([], [])
    assert (stale["contract"], stale["endedGroupLinks"]) == (None, [])
    assert [error["refusal"] for error in stale["errors"]] == ["STALE_VERSION"]
    renamed = await api.execute_mutation(
        "updateContract", "contract { id } endedGroupLinks { id }", id=id_of(contract), version=2, ownReference="Werf 9"
    )
    assert (renamed["errors"], renamed["endedGroupLinks"]) == ([], [])


ENDED = """endedMemberships { kind effective endedAt user { id } contract { id } }"""
LEFT = "group { version } endedGroupLinks { id endedAt contract { id groupLinks { id } } } " + ENDED


def ended(told: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """The memberships that a payload tells of: kind, member and contract of each, which has ended."""
    assert told["errors"] == []
    assert all(each["endedAt"] and not each["effective"] for each in told["endedMemberships"])
    return [
        (each["kind"], each["user"]["id"], each["contract"] and each["contract"]["id"])
        for each in told["endedMemberships"]
    ]


async def specific_members(api: AdministratorApi, link: str, version: int, *users: User) -> dict[str, Any]:
    """What setContractSpecificMembers answers the administrator."""
    given = {"groupLinkId": link, "version": version, "memberUserIds": [id_of(user) for user in users]}
    return await api.execute_mutation("setContractSpecificMembers", f"groupLink {{ version }} {ENDED}", **given)


async def test_members_who_leave_a_group_come_back_as_memberships_that_ended():
    api = await an_administrator_api()
    first, second, third = [await api.a_colleague() for _ in range(3)]
    group = await api.created_group("SEND", first, second)
    left = {"id": group["id"], "version": 1, "memberUserIds": [id_of(second), id_of(third)]}

    changed = await api.execute_mutation("updateGroup", LEFT, **left)
    removed = await api.execute_mutation("removeGroupMember", LEFT, id=group["id"], userId=id_of(second))
    refused = await api.execute_mutation("removeGroupMember", LEFT, id=group["id"], userId=id_of(second))
    renamed = await api.execute_mutation("updateGroup", LEFT, id=group["id"], version=3, name="Ploeg Oost")

    assert ended(changed) == [("FIXED", id_of(first), None)]
    assert ended(removed) == [("FIXED", id_of(second), None)]
    assert (refused["group"], refused["endedMemberships"], refused["endedGroupLinks"]) == (None, [], [])
    assert (ended(renamed), renamed["endedGroupLinks"]) == ([], [])


async def test_a_deleted_group_tells_of_its_links_and_keeps_its_fixed_members():
    api = await an_administrator_api()
    fixed, specific = [await api.a_colleague() for _ in range(2)]
    group, other, contract = await api.created_group("SEND", fixed), await api.created_group(), await api.a_contract()
    link, remains = await api.link_groups(contract, group, other)
    await specific_members(api, link, 1, specific)

    told = await api.execute_mutation("deleteGroup", LEFT, id=group["id"], version=1)

    assert ended(told) == [("CONTRACT_SPECIFIC", id_of(specific), id_of(contract))]
    [untied] = told["endedGroupLinks"]
    assert (untied["id"], untied["endedAt"] is None) == (link, False)
    assert untied["contract"] == {"id": id_of(contract), "groupLinks": [{"id": remains}]}


async def test_contract_specific_members_who_leave_come_back_as_memberships_that_ended():
    api = await an_administrator_api()
    first, second = [await api.a_colleague() for _ in range(2)]
    group, contract = await api.created_group(), await api.a_contract()
    [link] = await api.link_groups(contract, group)

    joined = await specific_members(api, link, 1, first, second)
    left = await specific_members(api, link, 2, second)
    stale = await specific_members(api, link, 2)
    untied = await api.execute_mutation("setContractGroups", ENDED, contractId=id_of(contract), version=2, groupIds=[])

    assert ended(joined) == []
    assert ended(left) == [("CONTRACT_SPECIFIC", id_of(first), id_of(contract))]
    assert (stale["groupLink"], stale["endedMemberships"]) == (None, [])
    assert ended(untied) == [("CONTRACT_SPECIFIC", id_of(second), id_of(contract))]


@pytest.mark.parametrize("by", ["createGroup", "updateGroup"])
async def test_a_deleted_group_that_is_overwritten_has_no_members_any_more(by: str):
    api = await an_administrator_api()
    colleague, other = await api.a_colleague(), await api.created_group()
    former = (await api.create_group("Ploeg Noord", "SEND", colleague))["group"]
    await api.execute_mutation("deleteGroup", "group { id }", id=former["id"], version=1)
    overwriting = {"name": "Ploeg Noord", "onInactive": "OVERWRITE"}

    if by == "createGroup":
        filled = {"organisationId": id_of(api.organisation), "description": "Werven", "themeLevels": []}
        told = await api.execute_mutation(by, LEFT, **filled | overwriting)
    else:
        told = await api.execute_mutation(by, LEFT, id=other["id"], version=1, **overwriting)

    assert ended(told) == [("FIXED", id_of(colleague), None)]


async def test_who_becomes_a_member_by_a_new_work_relation_leaves_by_the_old_one():
    api = await an_administrator_api()
    colleague = await api.a_colleague()
    group = await api.created_group("SEND", colleague)
    yesterday = await rows.today() - timedelta(days=1)
    await WorkRelationPeriod.filter(user_id=colleague.id).update(valid_until=yesterday)
    again = await rows.a_work_relation(colleague, api.organisation, first_day=await rows.today())
    await rows.a_right(again, Role.USER)

    told = await api.execute_mutation("updateGroup", LEFT, id=group["id"], version=1, memberUserIds=[id_of(colleague)])

    assert ended(told) == [("FIXED", id_of(colleague), None)]


async def somebody_else_at_work(api: AdministratorApi) -> tuple[dict[str, Any], Contract, str]:
    """A group, its contract and their link; a fixed and a contract-specific member are assigned an action each."""
    fixed, specific = [await api.a_colleague() for _ in range(2)]
    group, contract = await api.created_group("DRAFT", fixed), await api.a_contract()
    [link] = await api.link_groups(contract, group)
    await specific_members(api, link, 1, specific)
    for number, member in enumerate((fixed, specific)):
        await rows.an_action(contract, assignee=member, title=f"Actie {number}")
    return group, contract, link


async def given_back(api: AdministratorApi, mutation: str, **given: Any) -> list[str]:
    """The titles of the actions that a mutation tells of, which nobody has any more."""
    told = await api.execute_mutation(mutation, "releasedActions { title status assignee { id } }", **given)
    assert told["errors"] == []
    assert all((each["status"], each["assignee"]) == ("OPEN", None) for each in told["releasedActions"])
    return [each["title"] for each in told["releasedActions"]]


async def test_actions_that_are_given_back_by_a_change_of_a_group_come_back():
    api = await an_administrator_api()
    group, _, _ = await somebody_else_at_work(api)
    levels = [{"themeCode": "INVOICING", "level": "READ"}]

    assert await given_back(api, "updateGroup", id=group["id"], version=1, description="Werven") == []
    lowered = await given_back(api, "updateGroup", id=group["id"], version=2, themeLevels=levels)
    assert lowered == ["Actie 0", "Actie 1"]


async def test_actions_that_are_given_back_with_a_group_a_link_or_a_member_come_back():
    api = await an_administrator_api()
    group, contract, link = await somebody_else_at_work(api)
    [fixed, _] = await Action.all().order_by("title").prefetch_related("assignee")

    left = await given_back(api, "setContractSpecificMembers", groupLinkId=link, version=2, memberUserIds=[])
    removed = await given_back(api, "removeGroupMember", id=group["id"], userId=id_of(fixed.assignee))
    assert (left, removed) == (["Actie 1"], ["Actie 0"])

    _, untied, _ = await somebody_else_at_work(api)
    together = await given_back(api, "setContractGroups", contractId=id_of(untied), version=2, groupIds=[])
    assert together == ["Actie 0", "Actie 1"]
    deleted, _, _ = await somebody_else_at_work(api)
    assert await given_back(api, "deleteGroup", id=deleted["id"], version=1) == ["Actie 0", "Actie 1"]
    assert await given_back(api, "updateContract", id=id_of(contract), version=2, ownReference="Werf 9") == []


async def test_a_refused_change_of_a_group_gives_back_no_action():
    api = await an_administrator_api()
    group, _, _ = await somebody_else_at_work(api)

    stale = await api.execute_mutation("deleteGroup", "releasedActions { id }", id=group["id"], version=7)

    assert [error["refusal"] for error in stale["errors"]] == ["STALE_VERSION"]
    assert stale["releasedActions"] == []
    assert await Action.filter(status=ActionStatus.ASSIGNED).count() == 2


RELEASED = """mutation($input: RevokeAccessRightInput!) { revokeAccessRight(input: $input) {
  right { active } releasedActions { title status assignee { id } } errors { refusal } } }"""
CHANGED = """mutation($input: ChangeAccessRightInput!) { changeAccessRight(input: $input) {
  right { roles } releasedActions { title status assignee { id } } errors { refusal } } }"""


async def somebody_at_work() -> tuple[Any, Any]:
    """A right by which a drafter has an action in hand, and the organisation."""
    organisation = await rows.an_organisation()
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    contract = await rows.a_contract(organisation)
    await rows.a_link(contract, group)
    membership = await rows.a_membership(group)
    await rows.an_action(contract, assignee=await membership.user, title="Bezorg de borgtocht")
    return await AccessRight.get(work_relation_id=membership.work_relation_id), organisation


@pytest.mark.parametrize("document", [RELEASED, CHANGED])
async def test_actions_that_are_given_back_with_a_right_come_for_who_may_see_them(document: str):
    right, organisation = await somebody_at_work()
    legal = await rows.a_mandate(organisation=organisation)
    given = {"id": global_id("AccessRight", right.id), "version": 1, "reason": "Andere functie"}
    roles = {"roles": ["ADMINISTRATOR"]} if document is CHANGED else {}

    told = (await read(person(legal.user_id), document, input=given | roles)).popitem()[1]

    assert told["errors"] == []
    assert told["releasedActions"] == [{"title": "Bezorg de borgtocht", "status": "OPEN", "assignee": None}]


async def test_an_access_manager_alone_is_told_of_no_action():
    right, organisation = await somebody_at_work()
    manager = await rows.a_work_relation(organisation=organisation)
    await rows.a_mandate(AccessMandateKind.ACCESS_MANAGER, await manager.user, organisation)
    given = {"id": global_id("AccessRight", right.id), "version": 1, "reason": "Andere functie"}

    told = (await read(person(manager.user_id), RELEASED, input=given))["revokeAccessRight"]

    assert told == {"right": {"active": False}, "releasedActions": [], "errors": []}


async def test_a_refused_change_of_a_right_gives_back_no_action():
    right, _ = await somebody_at_work()
    outsider = await rows.a_person_with_right(None, Role.ADMINISTRATOR)
    given = {"id": global_id("AccessRight", right.id), "version": 1, "reason": "Andere functie"}

    answer = await execute_operation(person(outsider.user_id), RELEASED, input=given)

    assert answer.data["revokeAccessRight"]["releasedActions"] == []
    assert (await Action.get()).status is ActionStatus.ASSIGNED
