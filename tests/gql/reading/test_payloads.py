"""The engine reads the objects of payloads after the rule has committed, with the executor's bytes."""

from dataclasses import dataclass, replace
from typing import Any

import orjson
import pytest

from domain.models import Contract, DocumentLevel, Group, Role, User
from domain.standing import Standing
from gql.context import Context
from gql.reading.ids import from_global_id, global_id
from gql.schema import engine, schema
from tests import rows
from tests.gql.execution import REQUEST_ID, captured_statements, person
from tests.gql.reading.engine_execution import enable_engine, recorded_statements

pytestmark = pytest.mark.usefixtures("database")
SET_GROUPS = """mutation SetGroups($input: SetContractGroupsInput!, $first: Int, $theme: String) {
  done: setContractGroups(input: $input) {
    contract {
      id version type { name } groupLinks { linkedAt group { ...Members } } documents(themeCode: $theme) { totalCount }
    }
    errors { code path }
  }
}
fragment Members on Group { name memberships(first: $first) { edges { cursor node { user { fullName } } } } }"""
PREVIEW = """mutation Preview($input: PreviewGroupChangeInput!) { previewGroupChange(input: $input) { preview {
  accessChanges { user { fullName } contract { number groupLinks { id } } theme { name } before after }
  referenceChanges { user { id } contract { title } before after }
  contractsLeftWithoutSender { number } actionsReleased { title assignee { fullName } } } errors { code } } }"""
SET_LANGUAGE = "mutation SetLanguage($input: SetLanguageInput!) { setLanguage(input: $input) { user { id language } } }"


@dataclass(frozen=True)
class Administered:
    """A contract, its administrator, and a group with members."""

    contract: Contract
    administrator: User
    group_id: str

    def set_groups_input(self, version: int) -> dict[str, Any]:
        """The input that links the group alone."""
        return {"contractId": global_id("Contract", self.contract.id), "version": version, "groupIds": [self.group_id]}


@pytest.fixture
async def administered() -> Administered:
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.READ})
    for _ in range(3):
        await rows.a_membership(group, await rows.a_person_with_right(organisation))
    contract = await rows.a_contract(organisation)
    return Administered(contract, await User.get(id=administrator.user_id), global_id("Group", group.id))


async def execute(user: User, document: str, **variables: Any) -> tuple[bytes, list[str]]:
    """The data as JSON, and the statements of the models and loaders."""
    context = Context(actor=person(user), language="nl", request_id=REQUEST_ID)
    with captured_statements() as statements:
        result = await schema.execute(document, variable_values=variables, context_value=context)
    assert result.errors is None
    return orjson.dumps(result.data), statements


async def test_the_engine_reads_the_object_with_the_executors_bytes(administered: Administered):
    variables = {"first": 2, "theme": "INVOICING"}
    await execute(administered.administrator, SET_GROUPS, input=administered.set_groups_input(1), **variables)
    ordinary, ordinary_statements = await execute(
        administered.administrator, SET_GROUPS, input=administered.set_groups_input(2), **variables
    )
    async with enable_engine():
        # The same groups again change nothing: every response has the same rows.
        results = [
            await execute(administered.administrator, SET_GROUPS, input=administered.set_groups_input(2), **variables)
            for _ in range(3)
        ]
        first_only = await execute(
            administered.administrator, SET_GROUPS, input=administered.set_groups_input(2), first=1
        )
    first_only_ordinary, _ = await execute(
        administered.administrator, SET_GROUPS, input=administered.set_groups_input(2), first=1
    )

    assert [body for body, _ in results] == [ordinary] * 3
    assert (first_only[0], len(orjson.loads(ordinary)["done"]["contract"]["groupLinks"])) == (first_only_ordinary, 1)
    by_loaders = [statement for statement in ordinary_statements if statement not in results[2][1]]
    assert len(by_loaders) >= 4
    assert len(results[2][1]) + len(by_loaders) <= len(ordinary_statements)


async def test_the_engine_reads_a_preview_at_its_first_request_and_of_any_size(administered: Administered):
    """A preview may have thousands of changes, and is rarely requested twice."""
    other_contract = await rows.a_contract(await administered.contract.organisation)
    _, group_id = from_global_id(administered.group_id) or ("", 0)
    for contract in (administered.contract, other_contract):
        await rows.a_link(contract, await Group.get(id=group_id))
    await rows.an_action(other_contract, assignee=administered.administrator)
    preview_input = {"delete": {"id": administered.group_id, "version": 1}}
    ordinary, ordinary_statements = await execute(administered.administrator, PREVIEW, input=preview_input)
    async with enable_engine():
        body, statements = await execute(administered.administrator, PREVIEW, input=preview_input)

    assert body == ordinary
    assert len(orjson.loads(body)["previewGroupChange"]["preview"]["accessChanges"]) == 12
    assert len(ordinary_statements) >= len(statements) + 5


async def test_a_refusal_has_no_object(administered: Administered):
    async with enable_engine():
        bodies = [
            await execute(administered.administrator, SET_GROUPS, input=administered.set_groups_input(7))
            for _ in range(3)
        ]

    expected = {"done": {"contract": None, "errors": [{"code": "STALE", "path": ["version"]}]}}
    assert [orjson.loads(body) for body, _ in bodies] == [expected] * 3


async def test_the_executor_reads_what_the_engine_cannot(administered: Administered):
    async with enable_engine():
        languages = []
        for language in ("FR", "DE", "EN"):
            body, _ = await execute(administered.administrator, SET_LANGUAGE, input={"language": language})
            languages.append(orjson.loads(body)["setLanguage"]["user"]["language"])

    assert languages == ["FR", "DE", "EN"]
    assert engine.counters.fallbacks


async def execute_presuming(administered: Administered, standing: Standing) -> tuple[bytes, int]:
    """The data for an actor who is presumed to have this standing, and the number of statements that read it."""
    actor = replace(person(administered.administrator), standing=standing)
    variables = {"input": administered.set_groups_input(2), "first": 2}
    async with enable_engine():
        for _ in range(3):
            context = Context(actor=actor, language="nl", request_id=REQUEST_ID)
            with recorded_statements() as statements:
                result = await schema.execute(SET_GROUPS, variable_values=variables, context_value=context)
    return orjson.dumps(result.data), len(statements)


async def test_one_statement_reads_the_object_if_the_presumed_standing_is_right(administered: Administered):
    await execute(administered.administrator, SET_GROUPS, input=administered.set_groups_input(1))
    ordinary, _ = await execute(administered.administrator, SET_GROUPS, input=administered.set_groups_input(2), first=2)

    standing = await Standing.of(person(administered.administrator))

    assert await execute_presuming(administered, standing) == (ordinary, 1)


async def test_the_object_is_read_again_if_the_presumed_standing_is_outdated(administered: Administered):
    await execute(administered.administrator, SET_GROUPS, input=administered.set_groups_input(1))
    ordinary, _ = await execute(administered.administrator, SET_GROUPS, input=administered.set_groups_input(2), first=2)

    outdated = Standing(person=administered.administrator.id, acts_for=[administered.contract.organisation_id])

    assert await execute_presuming(administered, outdated) == (ordinary, 2)
