"""Who has access to a contract, now and on a past day, and through what (domain 4 and 8)."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from domain.models import Contract, DocumentLevel, Role
from domain.standing import Standing
from domain.visibility import contract as visible
from domain.where import Where
from gql.reading.ids import global_id, key_of
from tests import rows
from tests.access_cast import EVERYONE, Cast, a_cast
from tests.gql.access_world import AccessWorld, Maker
from tests.gql.execution import execute_operation, person, read
from tests.gql.test_statements import OFTEN

pytestmark = pytest.mark.usefixtures("database")
ACCESS = """fragment A on ContractAccess { user { id } contract { id } referenceLevel
  themeLevels { theme { code } level }
  reasons { __typename
    ... on GroupAccess { membership { id } themeLevels { level } referenceLevel }
    ... on AdministratorAccess { right { id } mandate { id } } } }"""
OF_CONTRACT = (
    """query($id: ID!, $day: Date, $first: Int, $after: String) { node(id: $id) { ... on Contract {
  access(asOf: $day, first: $first, after: $after) { totalCount edges { cursor node { ...A } } pageInfo { hasNextPage }
  } } } }"""
    + ACCESS
)
OF_USER = (
    """query($id: ID!, $organisation: ID!, $day: Date) { node(id: $id) { ... on User {
  contractAccess(organisationId: $organisation, asOf: $day) { totalCount edges { node { ...A } } } } } }"""
    + ACCESS
)
OF_ONE = (
    """query($id: ID!, $user: ID!, $day: Date) { node(id: $id) { ... on Contract {
  accessOf(userId: $user, asOf: $day) { ...A } } } }"""
    + ACCESS
)


def told(node: dict[str, Any]) -> tuple[Any, str]:
    """The reasons by kind and key, and the level."""
    reasons = set()
    for reason in node["reasons"]:
        for kind in ("right", "mandate", "membership"):
            if reason.get(kind):
                key = key_of(
                    {"right": "AccessRight", "mandate": "AccessMandate"}.get(kind, "Membership"), reason[kind]["id"]
                )
                reasons.add((kind, key))
    return reasons, node["themeLevels"][0]["level"]


async def by_user(world: AccessWorld, contract: Contract, day: date | None) -> dict[int | None, Any]:
    """Whom `Contract.access` names, but for the viewer."""
    given: dict[str, Any] = {"id": global_id("Contract", contract.id), "day": day and day.isoformat()}
    found = (await read(person(world.viewer), OF_CONTRACT, **given))["node"]["access"]
    assert found["totalCount"] == len(found["edges"])
    nodes = [edge["node"] for edge in found["edges"]]
    answer = {key_of("User", node["user"]["id"]): told(node) for node in nodes}
    answer.pop(world.viewer.id, None)
    return answer


@pytest.mark.parametrize("seed", range(4))
async def test_access_agrees_with_the_naive_reading_on_every_day(seed: int):
    world, today = await Maker(seed).world(), await rows.today()
    for day in (None, *(world.day + timedelta(days=away) for away in (-2, -1, 0, 1, 2))):
        for contract in world.contracts:
            expected = {user.id: world.expected(user.id, contract, day, today) for user in world.users}
            known = {key: value for key, value in expected.items() if value}
            assert await by_user(world, contract, day) == known, day


async def test_a_users_contracts_and_one_users_access_tell_the_same(database: str):
    assert database
    world = await Maker(11).world()
    organisation = global_id("Organisation", world.organisation.id)
    for day in (None, world.day):
        text = day and day.isoformat()
        whole = {contract.id: await by_user(world, contract, day) for contract in world.contracts}
        for user in world.users:
            asked: dict[str, Any] = {"id": global_id("User", user.id), "organisation": organisation, "day": text}
            found = (await read(person(world.viewer), OF_USER, **asked))["node"]["contractAccess"]["edges"]
            answer = {key_of("Contract", edge["node"]["contract"]["id"]): told(edge["node"]) for edge in found}
            assert answer == {key: people[user.id] for key, people in whole.items() if user.id in people}
            for contract in world.contracts:
                one: dict[str, Any] = {"id": global_id("Contract", contract.id), "user": asked["id"], "day": text}
                access = (await read(person(world.viewer), OF_ONE, **one))["node"]["accessOf"]
                assert told(access)[0] == whole[contract.id].get(user.id, (set(),))[0]


async def test_access_now_agrees_with_the_visibility_of_contracts():
    world = await Maker(12).world()
    for contract in world.contracts:
        people = await by_user(world, contract, None)
        for user in world.users:
            standing = await Standing.of(person(user))
            sees = await Contract.filter(Where(visible, standing), id=contract.id).exists()
            assert sees == (user.id in people)


async def test_access_is_paged_in_a_stable_order():
    organisation = await rows.an_organisation()
    contract = await rows.a_contract(organisation)
    admin = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.SEND})
    await rows.a_link(contract, group)
    for _ in range(7):
        await rows.a_membership(group)
    given: dict[str, Any] = {"id": global_id("Contract", contract.id), "day": None}
    whole = (await read(person(admin.user_id), OF_CONTRACT, **given))["node"]["access"]

    names, after = [], None
    for size in (3, 3, 3):
        page = (await read(person(admin.user_id), OF_CONTRACT, **given, first=size, after=after))["node"]["access"]
        names += [edge["node"]["user"]["id"] for edge in page["edges"]]
        after = page["edges"][-1]["cursor"]

    assert names == [edge["node"]["user"]["id"] for edge in whole["edges"]]
    assert (len(set(names)), page["pageInfo"]["hasNextPage"]) == (8, False)


@pytest.mark.parametrize("who", EVERYONE)
async def test_access_of_others_is_for_administrators(who: str):
    cast: Cast = await a_cast()
    contract = await Contract.get()
    group = await rows.a_group(cast.organisation)
    await rows.a_link(contract, group)
    await rows.a_membership(group, cast.relations["user"])
    one = {"id": global_id("Contract", contract.id), "user": global_id("User", cast.people["user"].id)}
    answer = await execute_operation(cast.actors[who], OF_ONE, **one, day=None)
    node = answer.data and answer.data["node"]
    organisation = global_id("Organisation", cast.organisation.id)
    other = await execute_operation(cast.actors[who], OF_USER, id=one["user"], organisation=organisation, day=None)
    if who in {"admin", "legal"}:
        assert node["accessOf"]["reasons"][0]["__typename"] == "GroupAccess"
        assert other.data["node"]["contractAccess"]["totalCount"] == 1
    else:
        assert not (node and node["accessOf"])
        assert not (other.data and other.data["node"] and other.data["node"]["contractAccess"])


async def test_the_number_of_statements_does_not_depend_on_rows():
    taken = []
    for size in (1, 2 * OFTEN):
        organisation = await rows.an_organisation()
        contract = await rows.a_contract(organisation)
        admin = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
        for _ in range(size):
            group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.SEND})
            await rows.a_link(contract, group)
            await rows.a_membership(group)
        given: dict[str, Any] = {"id": global_id("Contract", contract.id), "day": None}
        one = {"id": global_id("User", admin.user_id), "organisation": global_id("Organisation", organisation.id)}
        answers = [
            await execute_operation(person(admin.user_id), OF_CONTRACT, **given),
            await execute_operation(person(admin.user_id), OF_USER, **one, day="2026-03-01"),
        ]
        taken.append([Counter(answer.statements) for answer in answers])
        assert [answer.errors for answer in answers] == [[], []]
    for of_one, of_many in zip(*taken, strict=True):
        assert of_one.keys() == of_many.keys()
        assert max(of_many.values()) <= OFTEN


async def test_whose_access_is_asked_must_be_said():
    answer = await execute_operation(
        person(1), "query($id: ID!) { node(id: $id) { ... on Contract { accessOf { referenceLevel } } } }", id="x"
    )
    assert "Contract.accessOf(userId:)" in answer.errors[0]["message"]
