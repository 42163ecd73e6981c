"""Who has access to a contract, now and on a past day, with the reasons (domain 4 and 8)."""

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
from tests.gql.access_world import AccessWorld, WorldGenerator
from tests.gql.execution import execute_operation, person, read
from tests.gql.test_statements import MAX_REPEATS

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


def reasons_and_level(node: dict[str, Any]) -> tuple[Any, str]:
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


async def access_by_user(world: AccessWorld, contract: Contract, day: date | None) -> dict[int | None, Any]:
    """The access of each user in `Contract.access`, without the viewer."""
    variables: dict[str, Any] = {"id": global_id("Contract", contract.id), "day": day and day.isoformat()}
    connection = (await read(person(world.viewer), OF_CONTRACT, **variables))["node"]["access"]
    assert connection["totalCount"] == len(connection["edges"])
    nodes = [edge["node"] for edge in connection["edges"]]
    access = {key_of("User", node["user"]["id"]): reasons_and_level(node) for node in nodes}
    access.pop(world.viewer.id, None)
    return access


@pytest.mark.parametrize("seed", range(4))
async def test_access_agrees_with_the_naive_reading_on_every_day(seed: int):
    world, today = await WorldGenerator(seed).world(), await rows.today()
    for day in (None, *(world.day + timedelta(days=offset) for offset in (-2, -1, 0, 1, 2))):
        for contract in world.contracts:
            expected = {user.id: world.expected(user.id, contract, day, today) for user in world.users}
            with_access = {key: value for key, value in expected.items() if value}
            assert await access_by_user(world, contract, day) == with_access, day


async def test_contract_access_of_a_user_agrees_with_access_of_the_contract(database: str):
    assert database
    world = await WorldGenerator(11).world()
    organisation_id = global_id("Organisation", world.organisation.id)
    for day in (None, world.day):
        text = day and day.isoformat()
        access_by_contract = {contract.id: await access_by_user(world, contract, day) for contract in world.contracts}
        for user in world.users:
            variables: dict[str, Any] = {"id": global_id("User", user.id), "organisation": organisation_id, "day": text}
            edges = (await read(person(world.viewer), OF_USER, **variables))["node"]["contractAccess"]["edges"]
            access = {
                key_of("Contract", edge["node"]["contract"]["id"]): reasons_and_level(edge["node"]) for edge in edges
            }
            assert access == {key: people[user.id] for key, people in access_by_contract.items() if user.id in people}
            for contract in world.contracts:
                of_one: dict[str, Any] = {
                    "id": global_id("Contract", contract.id),
                    "user": variables["id"],
                    "day": text,
                }
                access_of = (await read(person(world.viewer), OF_ONE, **of_one))["node"]["accessOf"]
                assert reasons_and_level(access_of)[0] == access_by_contract[contract.id].get(user.id, (set(),))[0]


async def test_access_now_agrees_with_the_visibility_of_contracts():
    world = await WorldGenerator(12).world()
    for contract in world.contracts:
        access = await access_by_user(world, contract, None)
        for user in world.users:
            standing = await Standing.of(person(user))
            is_visible = await Contract.filter(Where(visible, standing), id=contract.id).exists()
            assert is_visible == (user.id in access)


async def test_access_is_paged_in_a_stable_order():
    organisation = await rows.an_organisation()
    contract = await rows.a_contract(organisation)
    admin = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.SEND})
    await rows.a_link(contract, group)
    for _ in range(7):
        await rows.a_membership(group)
    variables: dict[str, Any] = {"id": global_id("Contract", contract.id), "day": None}
    connection = (await read(person(admin.user_id), OF_CONTRACT, **variables))["node"]["access"]

    user_ids, after = [], None
    for size in (3, 3, 3):
        page = (await read(person(admin.user_id), OF_CONTRACT, **variables, first=size, after=after))["node"]["access"]
        user_ids += [edge["node"]["user"]["id"] for edge in page["edges"]]
        after = page["edges"][-1]["cursor"]

    assert user_ids == [edge["node"]["user"]["id"] for edge in connection["edges"]]
    assert (len(set(user_ids)), page["pageInfo"]["hasNextPage"]) == (8, False)


@pytest.mark.parametrize("who", EVERYONE)
async def test_only_administrators_read_the_access_of_others(who: str):
    cast: Cast = await a_cast()
    contract = await Contract.get()
    group = await rows.a_group(cast.organisation)
    await rows.a_link(contract, group)
    await rows.a_membership(group, cast.relations["user"])
    variables = {"id": global_id("Contract", contract.id), "user": global_id("User", cast.people["user"].id)}
    of_contract = await execute_operation(cast.actors[who], OF_ONE, **variables, day=None)
    node = of_contract.data and of_contract.data["node"]
    organisation = global_id("Organisation", cast.organisation.id)
    of_user = await execute_operation(
        cast.actors[who], OF_USER, id=variables["user"], organisation=organisation, day=None
    )
    if who in {"admin", "legal"}:
        assert node["accessOf"]["reasons"][0]["__typename"] == "GroupAccess"
        assert of_user.data["node"]["contractAccess"]["totalCount"] == 1
    else:
        assert not (node and node["accessOf"])
        assert not (of_user.data and of_user.data["node"] and of_user.data["node"]["contractAccess"])


async def test_the_number_of_statements_does_not_depend_on_rows():
    statement_counts = []
    for size in (1, 2 * MAX_REPEATS):
        organisation = await rows.an_organisation()
        contract = await rows.a_contract(organisation)
        admin = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
        for _ in range(size):
            group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.SEND})
            await rows.a_link(contract, group)
            await rows.a_membership(group)
        variables: dict[str, Any] = {"id": global_id("Contract", contract.id), "day": None}
        user_variables = {
            "id": global_id("User", admin.user_id),
            "organisation": global_id("Organisation", organisation.id),
        }
        results = [
            await execute_operation(person(admin.user_id), OF_CONTRACT, **variables),
            await execute_operation(person(admin.user_id), OF_USER, **user_variables, day="2026-03-01"),
        ]
        statement_counts.append([Counter(result.statements) for result in results])
        assert [result.errors for result in results] == [[], []]
    for of_small, of_large in zip(*statement_counts, strict=True):
        assert of_small.keys() == of_large.keys()
        assert max(of_large.values()) <= MAX_REPEATS


async def test_access_of_needs_a_user_id():
    result = await execute_operation(
        person(1), "query($id: ID!) { node(id: $id) { ... on Contract { accessOf { referenceLevel } } } }", id="x"
    )
    assert "Contract.accessOf(userId:)" in result.errors[0]["message"]
