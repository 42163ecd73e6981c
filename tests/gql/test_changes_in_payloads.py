"""What a mutation changes beside its object is in its payload, so that clients can update their cache."""

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
LINKS = """contract { version groupLinks { group { id } } }
  endedGroupLinks { id group { id name contracts { totalCount } } }"""


async def set_contract_groups(
    api: AdministratorApi, contract: Any, version: int, *groups: dict[str, Any]
) -> dict[str, Any]:
    """The payload of setContractGroups."""
    mutation_input = {"contractId": id_of(contract), "version": version, "groupIds": [group["id"] for group in groups]}
    return await api.execute_mutation("setContractGroups", LINKS, **mutation_input)


async def test_unlinked_groups_are_in_the_payload_with_their_present_contracts():
    api = await an_administrator_api()
    first, second, third = [await api.created_group() for _ in range(3)]
    contract, other_contract = [await api.a_contract() for _ in range(2)]
    await api.link_groups(other_contract, second)
    links = await api.link_groups(contract, first, second)

    payload = await set_contract_groups(api, contract, 2, third)

    assert payload["errors"] == []
    assert payload["contract"] == {"version": 3, "groupLinks": [{"group": {"id": third["id"]}}]}
    ended_links = [(link["id"], link["group"]["id"], link["group"]["contracts"]) for link in payload["endedGroupLinks"]]
    assert ended_links == [
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


async def test_no_link_ended_when_nothing_changed_or_the_mutation_was_refused():
    api = await an_administrator_api()
    group, contract = await api.created_group(), await api.a_contract()
    await api.link_groups(contract, group)

    unchanged, stale = (
        await set_contract_groups(api, contract, 2, group),
        await set_contract_groups(api, contract, 1),
    )

    assert (unchanged["errors"], unchanged["endedGroupLinks"]) == ([], [])
    assert (stale["contract"], stale["endedGroupLinks"]) == (None, [])
    assert [error["refusal"] for error in stale["errors"]] == ["STALE_VERSION"]
    renamed = await api.execute_mutation(
        "updateContract", "contract { id } endedGroupLinks { id }", id=id_of(contract), version=2, ownReference="Werf 9"
    )
    assert (renamed["errors"], renamed["endedGroupLinks"]) == ([], [])


ENDED_MEMBERSHIPS = """endedMemberships { kind effective endedAt user { id } contract { id } }"""
ENDINGS = "group { version } endedGroupLinks { id endedAt contract { id groupLinks { id } } } " + ENDED_MEMBERSHIPS


def ended_memberships(payload: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """Kind, user and contract of each ended membership of a payload."""
    assert payload["errors"] == []
    assert all(membership["endedAt"] and not membership["effective"] for membership in payload["endedMemberships"])
    return [
        (membership["kind"], membership["user"]["id"], membership["contract"] and membership["contract"]["id"])
        for membership in payload["endedMemberships"]
    ]


async def set_specific_members(api: AdministratorApi, link: str, version: int, *users: User) -> dict[str, Any]:
    """The payload of setContractSpecificMembers."""
    mutation_input = {"groupLinkId": link, "version": version, "memberUserIds": [id_of(user) for user in users]}
    return await api.execute_mutation(
        "setContractSpecificMembers", f"groupLink {{ version }} {ENDED_MEMBERSHIPS}", **mutation_input
    )


async def test_the_payload_has_the_ended_memberships_of_removed_members():
    api = await an_administrator_api()
    first, second, third = [await api.a_colleague() for _ in range(3)]
    group = await api.created_group("SEND", first, second)
    update = {"id": group["id"], "version": 1, "memberUserIds": [id_of(second), id_of(third)]}

    changed = await api.execute_mutation("updateGroup", ENDINGS, **update)
    removed = await api.execute_mutation("removeGroupMember", ENDINGS, id=group["id"], userId=id_of(second))
    refused = await api.execute_mutation("removeGroupMember", ENDINGS, id=group["id"], userId=id_of(second))
    renamed = await api.execute_mutation("updateGroup", ENDINGS, id=group["id"], version=3, name="Ploeg Oost")

    assert ended_memberships(changed) == [("FIXED", id_of(first), None)]
    assert ended_memberships(removed) == [("FIXED", id_of(second), None)]
    assert (refused["group"], refused["endedMemberships"], refused["endedGroupLinks"]) == (None, [], [])
    assert (ended_memberships(renamed), renamed["endedGroupLinks"]) == ([], [])


async def test_the_payload_of_a_deletion_has_the_ended_links_and_specific_memberships():
    api = await an_administrator_api()
    fixed, specific = [await api.a_colleague() for _ in range(2)]
    group, other_group, contract = (
        await api.created_group("SEND", fixed),
        await api.created_group(),
        await api.a_contract(),
    )
    link, remaining_link = await api.link_groups(contract, group, other_group)
    await set_specific_members(api, link, 1, specific)

    payload = await api.execute_mutation("deleteGroup", ENDINGS, id=group["id"], version=1)

    assert ended_memberships(payload) == [("CONTRACT_SPECIFIC", id_of(specific), id_of(contract))]
    [ended_link] = payload["endedGroupLinks"]
    assert (ended_link["id"], ended_link["endedAt"] is None) == (link, False)
    assert ended_link["contract"] == {"id": id_of(contract), "groupLinks": [{"id": remaining_link}]}


async def test_the_payload_has_the_ended_memberships_of_removed_contract_specific_members():
    api = await an_administrator_api()
    first, second = [await api.a_colleague() for _ in range(2)]
    group, contract = await api.created_group(), await api.a_contract()
    [link] = await api.link_groups(contract, group)

    added = await set_specific_members(api, link, 1, first, second)
    removed = await set_specific_members(api, link, 2, second)
    stale = await set_specific_members(api, link, 2)
    unlinked = await api.execute_mutation(
        "setContractGroups", ENDED_MEMBERSHIPS, contractId=id_of(contract), version=2, groupIds=[]
    )

    assert ended_memberships(added) == []
    assert ended_memberships(removed) == [("CONTRACT_SPECIFIC", id_of(first), id_of(contract))]
    assert (stale["groupLink"], stale["endedMemberships"]) == (None, [])
    assert ended_memberships(unlinked) == [("CONTRACT_SPECIFIC", id_of(second), id_of(contract))]


@pytest.mark.parametrize("by", ["createGroup", "updateGroup"])
async def test_overwriting_a_deleted_group_ends_its_memberships(by: str):
    api = await an_administrator_api()
    colleague, other_group = await api.a_colleague(), await api.created_group()
    former = (await api.create_group("Ploeg Noord", "SEND", colleague))["group"]
    await api.execute_mutation("deleteGroup", "group { id }", id=former["id"], version=1)
    overwrite = {"name": "Ploeg Noord", "onInactive": "OVERWRITE"}

    if by == "createGroup":
        creation = {"organisationId": id_of(api.organisation), "description": "Werven", "themeLevels": []}
        payload = await api.execute_mutation(by, ENDINGS, **creation | overwrite)
    else:
        payload = await api.execute_mutation(by, ENDINGS, id=other_group["id"], version=1, **overwrite)

    assert ended_memberships(payload) == [("FIXED", id_of(colleague), None)]


async def test_a_membership_by_an_expired_work_relation_ends_when_the_new_one_becomes_a_member():
    api = await an_administrator_api()
    colleague = await api.a_colleague()
    group = await api.created_group("SEND", colleague)
    yesterday = await rows.today() - timedelta(days=1)
    await WorkRelationPeriod.filter(user_id=colleague.id).update(valid_until=yesterday)
    new_relation = await rows.a_work_relation(colleague, api.organisation, first_day=await rows.today())
    await rows.a_right(new_relation, Role.USER)

    payload = await api.execute_mutation(
        "updateGroup", ENDINGS, id=group["id"], version=1, memberUserIds=[id_of(colleague)]
    )

    assert ended_memberships(payload) == [("FIXED", id_of(colleague), None)]


async def a_group_with_assigned_actions(api: AdministratorApi) -> tuple[dict[str, Any], Contract, str]:
    """A group, its contract and their link; a fixed and a contract-specific member each have an action."""
    fixed, specific = [await api.a_colleague() for _ in range(2)]
    group, contract = await api.created_group("DRAFT", fixed), await api.a_contract()
    [link] = await api.link_groups(contract, group)
    await set_specific_members(api, link, 1, specific)
    for number, member in enumerate((fixed, specific)):
        await rows.an_action(contract, assignee=member, title=f"Actie {number}")
    return group, contract, link


async def released_titles(api: AdministratorApi, mutation: str, **mutation_input: Any) -> list[str]:
    """The titles of the released actions in the payload of a mutation."""
    payload = await api.execute_mutation(mutation, "releasedActions { title status assignee { id } }", **mutation_input)
    assert payload["errors"] == []
    assert all((action["status"], action["assignee"]) == ("OPEN", None) for action in payload["releasedActions"])
    return [action["title"] for action in payload["releasedActions"]]


async def test_the_payload_has_the_actions_released_by_a_lower_level():
    api = await an_administrator_api()
    group, _, _ = await a_group_with_assigned_actions(api)
    levels = [{"themeCode": "INVOICING", "level": "READ"}]

    assert await released_titles(api, "updateGroup", id=group["id"], version=1, description="Werven") == []
    lowered = await released_titles(api, "updateGroup", id=group["id"], version=2, themeLevels=levels)
    assert lowered == ["Actie 0", "Actie 1"]


async def test_the_payload_has_the_action_released_with_a_contract_specific_member():
    api = await an_administrator_api()
    _, _, link = await a_group_with_assigned_actions(api)

    titles = await released_titles(api, "setContractSpecificMembers", groupLinkId=link, version=2, memberUserIds=[])

    assert titles == ["Actie 1"]


async def test_the_payload_has_the_action_released_with_a_fixed_member():
    api = await an_administrator_api()
    group, _, _ = await a_group_with_assigned_actions(api)
    action = await Action.get(title="Actie 0").prefetch_related("assignee")

    titles = await released_titles(api, "removeGroupMember", id=group["id"], userId=id_of(action.assignee))

    assert titles == ["Actie 0"]


async def test_the_payload_has_the_actions_released_with_a_link():
    api = await an_administrator_api()
    _, contract, _ = await a_group_with_assigned_actions(api)

    titles = await released_titles(api, "setContractGroups", contractId=id_of(contract), version=2, groupIds=[])

    assert titles == ["Actie 0", "Actie 1"]


async def test_the_payload_has_the_actions_released_with_a_group():
    api = await an_administrator_api()
    group, _, _ = await a_group_with_assigned_actions(api)

    assert await released_titles(api, "deleteGroup", id=group["id"], version=1) == ["Actie 0", "Actie 1"]


async def test_a_change_of_the_own_reference_releases_no_action():
    api = await an_administrator_api()
    _, contract, _ = await a_group_with_assigned_actions(api)

    assert await released_titles(api, "updateContract", id=id_of(contract), version=2, ownReference="Werf 9") == []
    assert await Action.filter(status=ActionStatus.ASSIGNED).count() == 2


async def test_a_refused_deletion_of_a_group_releases_no_action():
    api = await an_administrator_api()
    group, _, _ = await a_group_with_assigned_actions(api)

    stale = await api.execute_mutation("deleteGroup", "releasedActions { id }", id=group["id"], version=7)

    assert [error["refusal"] for error in stale["errors"]] == ["STALE_VERSION"]
    assert stale["releasedActions"] == []
    assert await Action.filter(status=ActionStatus.ASSIGNED).count() == 2


REVOKE = """mutation($input: RevokeAccessRightInput!) { revokeAccessRight(input: $input) {
  right { active } releasedActions { title status assignee { id } } errors { refusal } } }"""
CHANGE = """mutation($input: ChangeAccessRightInput!) { changeAccessRight(input: $input) {
  right { roles } releasedActions { title status assignee { id } } errors { refusal } } }"""


async def a_right_with_an_assigned_action() -> tuple[Any, Any]:
    """The right of a drafter who has an action, and the organisation."""
    organisation = await rows.an_organisation()
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    contract = await rows.a_contract(organisation)
    await rows.a_link(contract, group)
    membership = await rows.a_membership(group)
    await rows.an_action(contract, assignee=await membership.user, title="Bezorg de borgtocht")
    return await AccessRight.get(work_relation_id=membership.work_relation_id), organisation


@pytest.mark.parametrize("document", [REVOKE, CHANGE])
async def test_the_payload_has_the_actions_released_with_a_right_for_whoever_may_see_them(document: str):
    right, organisation = await a_right_with_an_assigned_action()
    legal = await rows.a_mandate(organisation=organisation)
    mutation_input = {"id": global_id("AccessRight", right.id), "version": 1, "reason": "Andere functie"}
    roles = {"roles": ["ADMINISTRATOR"]} if document is CHANGE else {}

    payload = (await read(person(legal.user_id), document, input=mutation_input | roles)).popitem()[1]

    assert payload["errors"] == []
    assert payload["releasedActions"] == [{"title": "Bezorg de borgtocht", "status": "OPEN", "assignee": None}]


async def test_the_payload_has_no_released_actions_for_an_access_manager_without_other_roles():
    right, organisation = await a_right_with_an_assigned_action()
    manager = await rows.a_work_relation(organisation=organisation)
    await rows.a_mandate(AccessMandateKind.ACCESS_MANAGER, await manager.user, organisation)
    mutation_input = {"id": global_id("AccessRight", right.id), "version": 1, "reason": "Andere functie"}

    payload = (await read(person(manager.user_id), REVOKE, input=mutation_input))["revokeAccessRight"]

    assert payload == {"right": {"active": False}, "releasedActions": [], "errors": []}


async def test_a_refused_revocation_of_a_right_releases_no_action():
    right, _ = await a_right_with_an_assigned_action()
    outsider = await rows.a_person_with_right(None, Role.ADMINISTRATOR)
    mutation_input = {"id": global_id("AccessRight", right.id), "version": 1, "reason": "Andere functie"}

    result = await execute_operation(person(outsider.user_id), REVOKE, input=mutation_input)

    assert result.data["revokeAccessRight"]["releasedActions"] == []
    assert (await Action.get()).status is ActionStatus.ASSIGNED
