"""The README's examples match the demo."""

import json
import re
from pathlib import Path

from domain.models import Contract, Group, User
from gql.explorer.values import samples_for, values_for
from gql.reading.ids import key_of
from local.people import persona
from tests.gql.execution import person, read

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


async def bart() -> User:
    admin = persona("admin")
    assert admin
    return await User.get(subject=admin.subject)


def first_code_block(language: str) -> str:
    """The README's first code block in that language."""
    match = re.search(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert match
    return match[1]


async def test_the_first_query_returns_the_response_shown(demo: str) -> None:
    del demo
    assert await read(person(await bart()), first_code_block("graphql")) == json.loads(first_code_block("json"))["data"]


async def test_the_example_of_linking_uses_the_group_and_the_contract_that_are_named(demo: str) -> None:
    del demo
    [contract_id] = set(re.findall(r'"contractId": "([^"]+)"', README))
    variables = values_for("SetContractGroups", ("input",), await samples_for(person(await bart())))["input"]
    assert variables["contractId"] == contract_id
    contract = await Contract.get(id=key_of("Contract", contract_id))
    [group] = [await Group.get(id=key_of("Group", each)) for each in variables["groupIds"]]
    assert contract.title in README
    assert group.name in README
    assert f"`{group.email}`" in README
