"""What a mutation changes beside its object is reachable from its payload, for a cache to take in."""

from typing import Any

import pytest

from domain.models import AccessMandateKind, AccessRight, Action, ActionStatus, DocumentLevel, Role
from gql.reading.ids import global_id
from tests import rows
from tests.gql.access_mutations import id_of
from tests.gql.administering import Office, an_office
from tests.gql.asking import ask, person, read

pytestmark = pytest.mark.usefixtures("database")
TYING = """contract { version groupLinks { group { id } } }
  endedGroupLinks { id group { id name contracts { totalCount } } }"""


async def tying(office: Office, contract: Any, version: int, *groups: dict[str, Any]) -> dict[str, Any]:
    """What setContractGroups answers the administrator."""
    given = {"contractId": id_of(contract), "version": version, "groupIds": [group["id"] for group in groups]}
    return await office.act("setContractGroups", TYING, **given)


async def test_groups_that_are_untied_come_back_as_they_are_now():
    office = await an_office()
    first, second, third = [await office.group() for _ in range(3)]
    contract, other = [await office.contract() for _ in range(2)]
    await office.link(other, second)
    links = await office.link(contract, first, second)

    told = await tying(office, contract, 2, third)

    assert told["errors"] == []
    assert told["contract"] == {"version": 3, "groupLinks": [{"group": {"id": third["id"]}}]}
    ended = [(link["id"], link["group"]["id"], link["group"]["contracts"]) for link in told["endedGroupLinks"]]
    assert ended == [
        (links[0], first["id"], {"totalCount": 0}),
        (links[1], second["id"], {"totalCount": 1}),
    ]


async def test_nothing_that_ended_comes_with_what_changed_nothing_or_was_refused():
    office = await an_office()
    group, contract = await office.group(), await office.contract()
    await office.link(contract, group)

    same, stale = await tying(office, contract, 2, group), await tying(office, contract, 1)

    assert (same["errors"], same["endedGroupLinks"]) == ([], [])
    assert (stale["contract"], stale["endedGroupLinks"]) == (None, [])
    assert [error["refusal"] for error in stale["errors"]] == ["STALE_VERSION"]
    renamed = await office.act(
        "updateContract", "contract { id } endedGroupLinks { id }", id=id_of(contract), version=2, ownReference="Werf 9"
    )
    assert (renamed["errors"], renamed["endedGroupLinks"]) == ([], [])


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

    answer = await ask(person(outsider.user_id), RELEASED, input=given)

    assert answer.data["revokeAccessRight"]["releasedActions"] == []
    assert (await Action.get()).status is ActionStatus.ASSIGNED
