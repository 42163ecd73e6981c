"""What the README shows of the demo is what a newcomer finds there."""

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


def block(language: str) -> str:
    """The first block of code in that language."""
    found = re.search(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


async def test_the_first_query_has_this_answer(demo: str) -> None:
    del demo
    assert await read(person(await bart()), block("graphql")) == json.loads(block("json"))["data"]


async def test_the_example_links_the_group_and_the_contract_that_are_named(demo: str) -> None:
    del demo
    [delivered_on] = set(re.findall(r'"contractId": "([^"]+)"', README))
    given = values_for("SetContractGroups", ("input",), await samples_for(person(await bart())))["input"]
    assert given["contractId"] == delivered_on
    contract = await Contract.get(id=key_of("Contract", delivered_on))
    [group] = [await Group.get(id=key_of("Group", each)) for each in given["groupIds"]]
    assert contract.title in README
    assert group.name in README
    assert f"`{group.email}`" in README
