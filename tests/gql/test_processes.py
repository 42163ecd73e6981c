"""Several processes serve one database: what one changes counts in the others at once; keys are renewed meanwhile."""

import asyncio
import base64
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from domain.models import AccessRight, GroupThemeLevel, User
from domain.sealed_national_number import has_number
from gql.reading.ids import global_id
from identity import sessions
from local.ports import reserve_ports
from local.stack import HOST
from tests import rows
from tests.access_cast import a_cast
from tests.commands.running import ROOT, econtracting
from tests.conftest import Environment
from tests.gql.access_manager_api import ERRORS
from tests.gql.administrator_api import VIEWER_ACCESS, an_administrator_api
from tests.rows.registers import a_registered_person

TURNS = 12
UPDATE = f"mutation($input: UpdateGroupInput!) {{ updateGroup(input: $input) {{ group {{ version }} {ERRORS} }} }}"
REVOKE = (
    f"mutation($input: RevokeAccessRightInput!) {{ revokeAccessRight(input: $input) {{ right {{ id }} {ERRORS} }} }}"
)
LOOK_UP = f"""mutation($input: LookUpPersonInput!) {{ lookUpPerson(input: $input) {{
  person {{ familyName maskedNationalNumber }} {ERRORS} }} }}"""
ADD = f"mutation($input: AddPersonInput!) {{ addPerson(input: $input) {{ user {{ familyName }} {ERRORS} }} }}"
MASKED = "query($id: ID!) { node(id: $id) { ... on User { maskedNationalNumber } } }"


@dataclass(frozen=True)
class Served:
    """An API in a process of its own."""

    client: httpx.AsyncClient
    log: Path

    async def ask(self, user: User | int, document: str, **variables: Any) -> Any:
        """The data of an answer without errors, for somebody in a session of their own."""
        token = await sessions.begin(user if isinstance(user, int) else user.id, None)
        answer = await self.client.post(
            "/graphql",
            json={"query": document, "variables": variables},
            headers={"cookie": f"session={token}"},
        )
        output = answer.json()
        assert "errors" not in output, output
        return output["data"]


@asynccontextmanager
async def an_api(folder: Path, before: str = "") -> AsyncIterator[Served]:
    """`econtracting serve` in the environment of the test, which runs `before` first."""
    with reserve_ports(HOST, 1) as (port,):
        log = folder / f"api-{port}"
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", f"{before}\nfrom cli import app; app()", "serve",
                cwd=ROOT, env={**os.environ, "PORT": str(port)}, stdout=out, stderr=out,
            )  # fmt: skip
        try:
            async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", timeout=60, trust_env=False) as client:
                await _until_up(client, process)
                yield Served(client, log)
        finally:
            process.terminate()
            await process.wait()


async def _until_up(client: httpx.AsyncClient, process: asyncio.subprocess.Process) -> None:
    while True:
        assert process.returncode is None
        try:
            if (await client.get("/health/live")).is_success:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.05)


@pytest.fixture
async def two(database: str, valkey: str, tmp_path: Path) -> AsyncIterator[tuple[Served, Served]]:
    """Two of them on one database and one Valkey."""
    assert database
    assert valkey
    async with AsyncExitStack() as running:
        yield (
            await running.enter_async_context(an_api(tmp_path)),
            await running.enter_async_context(an_api(tmp_path)),
        )


async def test_a_change_counts_for_the_very_next_request_in_every_process(two: tuple[Served, Served]):
    api = await an_administrator_api()
    member, contract = await rows.a_person_with_right(api.organisation), await api.a_contract()
    group = await rows.a_group(api.organisation)
    await rows.a_membership(group, member)
    await rows.a_link(contract, group)
    administrator = api.administrator.user_id or 0

    async def level(served: Served) -> str | None:
        seen = (await served.ask(member.user_id, VIEWER_ACCESS, id=global_id("Contract", contract.id)))["node"]
        output: str | None = seen and seen["viewerAccess"]["themeLevels"][0]["level"]
        return output

    for turn in range(TURNS):
        here, there = two if turn % 2 else two[::-1]
        wanted = ("SEND", "READ", "DRAFT")[turn % 3]
        given = {"id": global_id("Group", group.id), "version": turn + 1}
        levels = [{"themeCode": "INVOICING", "level": wanted}]
        answer = await here.ask(administrator, UPDATE, input=given | {"themeLevels": levels})
        assert answer["updateGroup"]["errors"] == []
        assert [await level(there), await level(here)] == [wanted, wanted]

    manager = await rows.a_mandate(organisation=api.organisation)
    right = await AccessRight.get(work_relation_id=member.id)
    given = {"id": global_id("AccessRight", right.id), "version": 1, "reason": "Weg"}
    assert (await two[0].ask(manager.user_id, REVOKE, input=given))["revokeAccessRight"]["errors"] == []
    assert [await level(served) for served in two] == [None, None]
    assert await GroupThemeLevel.filter(group_id=group.id).count() == TURNS


def key(number: int) -> str:
    return base64.b64encode(bytes([number]) * 32).decode()


async def test_keys_are_renewed_while_the_api_serves_and_no_number_is_left_anywhere(
    database: str, valkey: str, environment: Environment, tmp_path: Path
):
    assert database
    cast = await a_cast()
    planted = [rows.a_national_number() for _ in range(40)]
    for number in planted[:20]:
        await a_registered_person(number, family_name="Janssens")
    known = [await rows.a_user(national_number=number) for number in planted[20:]]
    for user in known:
        await rows.an_introduction(cast.organisation, user)
    # Both pairs of keys are known everywhere before the first number is sealed anew.
    environment.set(NATIONAL_NUMBER_KEYS=f"{key(11)},{key(1)}", NATIONAL_NUMBER_INDEX_KEYS=f"{key(2)},{key(12)}")
    manager, here = cast.people["manager"], {"organisationId": global_id("Organisation", cast.organisation.id)}
    seen: list[Any] = []

    async with an_api(tmp_path) as first, an_api(tmp_path) as second:

        async def serve() -> None:
            for place, number in enumerate(planted[:20]):
                served, given = (first, second)[place % 2], here | {"nationalNumber": number}
                found = (await served.ask(manager, LOOK_UP, input=given))["lookUpPerson"]
                added = (await served.ask(manager, ADD, input=given))["addPerson"]
                user = known[place]
                shown = await served.ask(manager, MASKED, id=global_id("User", user.id))
                seen.append((found, added, shown))

        result, _ = await asyncio.gather(econtracting("keys", "rotate"), serve())
        again = await econtracting("keys", "rotate")
        logs = first.log.read_text() + second.log.read_text() + result.stdout + result.stderr

    assert (result.status, again.status) == (0, 0)
    assert again.stdout.startswith("Renewed: 0 numbers")
    for place, (found, added, shown) in enumerate(seen):
        number, other = planted[place], planted[20 + place]
        mask = f"{number[:2]}.{number[2:4]}.{number[4:6]}-***.**"
        assert found == {"person": {"familyName": "Janssens", "maskedNationalNumber": mask}, "errors": []}
        assert added == {"user": {"familyName": "Janssens"}, "errors": []}
        assert shown["node"]["maskedNationalNumber"] == f"{other[:2]}.{other[2:4]}.{other[4:6]}-***.**"
    environment.set(NATIONAL_NUMBER_KEYS=key(11), NATIONAL_NUMBER_INDEX_KEYS=key(12))
    assert [await User.filter(has_number(number)).count() for number in planted] == [1] * len(planted)

    queue = await _all_of(valkey)
    assert "Started server process" in logs
    for number in planted:
        for form in (number, f"{number[:6]}-{number[6:9]}.{number[9:]}", number[2:]):
            assert form not in logs
            assert form.encode() not in queue
            assert form not in str(seen)


async def _all_of(valkey: str) -> bytes:
    """Everything that the queue's server keeps: names and values as it would write them down."""
    async with Redis.from_url(valkey) as connection:
        names = await connection.keys("*")
        return b"\n".join([*names, *[await connection.dump(name) or b"" for name in names]])
