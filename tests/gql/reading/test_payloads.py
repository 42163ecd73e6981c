"""The objects of payloads, read by the engine after the rule has committed: the bytes that the executor would give."""

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
LINK = """mutation Link($input: SetContractGroupsInput!, $first: Int, $theme: String) {
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
SPEAK = "mutation Speak($input: SetLanguageInput!) { setLanguage(input: $input) { user { id language } } }"


@dataclass(frozen=True)
class Administered:
    """A contract, its administrator, and a group with members."""

    contract: Contract
    administrator: User
    group: str

    def links(self, version: int) -> dict[str, Any]:
        return {"contractId": global_id("Contract", self.contract.id), "version": version, "groupIds": [self.group]}


@pytest.fixture
async def administered() -> Administered:
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.READ})
    for _ in range(3):
        await rows.a_membership(group, await rows.a_person_with_right(organisation))
    contract = await rows.a_contract(organisation)
    return Administered(contract, await User.get(id=administrator.user_id), global_id("Group", group.id))


async def done(user: User, document: str, **variables: Any) -> tuple[bytes, list[str]]:
    """The data as the body has it, and the statements that the models and loaders took."""
    context = Context(actor=person(user), language="nl", request_id=REQUEST_ID)
    with captured_statements() as taken:
        result = await schema.execute(document, variable_values=variables, context_value=context)
    assert result.errors is None
    return orjson.dumps(result.data), taken


async def test_the_engine_reads_what_the_executor_would(administered: Administered):
    given = {"first": 2, "theme": "INVOICING"}
    await done(administered.administrator, LINK, input=administered.links(1), **given)
    ordinary, loaded = await done(administered.administrator, LINK, input=administered.links(2), **given)
    async with enable_engine():
        # The same selection changes nothing: every answer is about the same rows.
        answers = [await done(administered.administrator, LINK, input=administered.links(2), **given) for _ in range(3)]
        other = await done(administered.administrator, LINK, input=administered.links(2), first=1)
    without_engine, _ = await done(administered.administrator, LINK, input=administered.links(2), first=1)

    assert [body for body, _ in answers] == [ordinary] * 3
    assert (other[0], len(orjson.loads(ordinary)["done"]["contract"]["groupLinks"])) == (without_engine, 1)
    by_loaders = [statement for statement in loaded if statement not in answers[2][1]]
    assert len(by_loaders) >= 4
    assert len(answers[2][1]) + len(by_loaders) <= len(loaded)


async def test_the_engine_reads_a_preview_at_first_sight_and_whatever_its_size(administered: Administered):
    """What it tells may be thousands of changes, and hardly anybody asks for the same twice."""
    other = await rows.a_contract(await administered.contract.organisation)
    _, group_id = from_global_id(administered.group) or ("", 0)
    for contract in (administered.contract, other):
        await rows.a_link(contract, await Group.get(id=group_id))
    await rows.an_action(other, assignee=administered.administrator)
    given = {"delete": {"id": administered.group, "version": 1}}
    ordinary, loaded = await done(administered.administrator, PREVIEW, input=given)
    async with enable_engine():
        body, taken = await done(administered.administrator, PREVIEW, input=given)

    assert body == ordinary
    assert len(orjson.loads(body)["previewGroupChange"]["preview"]["accessChanges"]) == 12
    assert len(loaded) >= len(taken) + 5


async def test_a_refusal_has_no_object_to_read(administered: Administered):
    async with enable_engine():
        bodies = [await done(administered.administrator, LINK, input=administered.links(7)) for _ in range(3)]

    told = {"done": {"contract": None, "errors": [{"code": "STALE", "path": ["version"]}]}}
    assert [orjson.loads(body) for body, _ in bodies] == [told] * 3


async def test_the_executor_reads_what_the_engine_cannot(administered: Administered):
    async with enable_engine():
        languages = []
        for language in ("FR", "DE", "EN"):
            body, _ = await done(administered.administrator, SPEAK, input={"language": language})
            languages.append(orjson.loads(body)["setLanguage"]["user"]["language"])

    assert languages == ["FR", "DE", "EN"]
    assert engine.counters.fallbacks


async def read_presuming(administered: Administered, standing: Standing) -> tuple[bytes, int]:
    """The data for somebody whose facts are presumed to be these, once it is compiled; how many statements read it."""
    actor = replace(person(administered.administrator), standing=standing)
    given = {"input": administered.links(2), "first": 2}
    async with enable_engine():
        for _ in range(3):
            context = Context(actor=actor, language="nl", request_id=REQUEST_ID)
            with recorded_statements() as read:
                result = await schema.execute(LINK, variable_values=given, context_value=context)
    return orjson.dumps(result.data), len(read)


async def test_one_statement_reads_the_object_and_the_facts(administered: Administered):
    await done(administered.administrator, LINK, input=administered.links(1))
    ordinary, _ = await done(administered.administrator, LINK, input=administered.links(2), first=2)

    known = await Standing.of(person(administered.administrator))

    assert await read_presuming(administered, known) == (ordinary, 1)


async def test_the_object_is_read_again_where_the_facts_were_other_ones(administered: Administered):
    await done(administered.administrator, LINK, input=administered.links(1))
    ordinary, _ = await done(administered.administrator, LINK, input=administered.links(2), first=2)

    outdated = Standing(person=administered.administrator.id, acts_for=[administered.contract.organisation_id])

    assert await read_presuming(administered, outdated) == (ordinary, 2)
