"""Several API processes on one database: changes take effect at once in all, also while keys are rotated."""

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

UPDATES = 12
UPDATE = f"mutation($input: UpdateGroupInput!) {{ updateGroup(input: $input) {{ group {{ version }} {ERRORS} }} }}"
REVOKE = (
    f"mutation($input: RevokeAccessRightInput!) {{ revokeAccessRight(input: $input) {{ right {{ id }} {ERRORS} }} }}"
)
LOOK_UP = f"""mutation($input: LookUpPersonInput!) {{ lookUpPerson(input: $input) {{
  person {{ familyName maskedNationalNumber }} {ERRORS} }} }}"""
ADD = f"mutation($input: AddPersonInput!) {{ addPerson(input: $input) {{ user {{ familyName }} {ERRORS} }} }}"
MASKED = "query($id: ID!) { node(id: $id) { ... on User { maskedNationalNumber } } }"


@dataclass(frozen=True)
class ApiProcess:
    """An API in a process of its own."""

    client: httpx.AsyncClient
    log: Path

    async def execute(self, user: User | int, document: str, **variables: Any) -> Any:
        """Executes an operation in a new session of the user, and returns the data of a response without errors."""
        token = await sessions.begin(user if isinstance(user, int) else user.id, None)
        response = await self.client.post(
            "/graphql",
            json={"query": document, "variables": variables},
            headers={"cookie": f"session={token}"},
        )
        body = response.json()
        assert "errors" not in body, body
        return body["data"]


@asynccontextmanager
async def api_process(folder: Path, setup: str = "") -> AsyncIterator[ApiProcess]:
    """`econtracting serve` in the environment of the test, on a free port; the Python code `setup` runs first."""
    with reserve_ports(HOST, 1) as (port,):
        log = folder / f"api-{port}"
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", f"{setup}\nfrom cli import app; app()", "serve",
                cwd=ROOT, env={**os.environ, "PORT": str(port)}, stdout=output, stderr=output,
            )  # fmt: skip
        try:
            async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", timeout=60, trust_env=False) as client:
                await _wait_until_live(client, process)
                yield ApiProcess(client, log)
        finally:
            process.terminate()
            await process.wait()


async def _wait_until_live(client: httpx.AsyncClient, process: asyncio.subprocess.Process) -> None:
    while True:
        assert process.returncode is None
        try:
            if (await client.get("/health/live")).is_success:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.05)


@pytest.fixture
async def two_processes(database: str, valkey: str, tmp_path: Path) -> AsyncIterator[tuple[ApiProcess, ApiProcess]]:
    """Two API processes on one database and one Valkey."""
    assert database
    assert valkey
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(api_process(tmp_path)),
            await stack.enter_async_context(api_process(tmp_path)),
        )


async def test_a_change_takes_effect_for_the_next_request_in_every_process(
    two_processes: tuple[ApiProcess, ApiProcess],
):
    api = await an_administrator_api()
    member, contract = await rows.a_person_with_right(api.organisation), await api.a_contract()
    group = await rows.a_group(api.organisation)
    await rows.a_membership(group, member)
    await rows.a_link(contract, group)
    administrator = api.administrator.user_id or 0

    async def level(process: ApiProcess) -> str | None:
        contract_node = (await process.execute(member.user_id, VIEWER_ACCESS, id=global_id("Contract", contract.id)))[
            "node"
        ]
        level: str | None = contract_node and contract_node["viewerAccess"]["themeLevels"][0]["level"]
        return level

    for number in range(UPDATES):
        writer, reader = two_processes if number % 2 else two_processes[::-1]
        new_level = ("SEND", "READ", "DRAFT")[number % 3]
        update = {"id": global_id("Group", group.id), "version": number + 1}
        levels = [{"themeCode": "INVOICING", "level": new_level}]
        data = await writer.execute(administrator, UPDATE, input=update | {"themeLevels": levels})
        assert data["updateGroup"]["errors"] == []
        assert [await level(reader), await level(writer)] == [new_level, new_level]

    manager = await rows.a_mandate(organisation=api.organisation)
    right = await AccessRight.get(work_relation_id=member.id)
    revocation = {"id": global_id("AccessRight", right.id), "version": 1, "reason": "Weg"}
    data = await two_processes[0].execute(manager.user_id, REVOKE, input=revocation)
    assert data["revokeAccessRight"]["errors"] == []
    assert [await level(process) for process in two_processes] == [None, None]
    assert await GroupThemeLevel.filter(group_id=group.id).count() == UPDATES


def encoded_key(number: int) -> str:
    return base64.b64encode(bytes([number]) * 32).decode()


async def test_keys_are_rotated_while_the_api_serves_and_no_national_number_is_exposed(
    database: str, valkey: str, environment: Environment, tmp_path: Path
):
    assert database
    cast = await a_cast()
    numbers = [rows.a_national_number() for _ in range(40)]
    for number in numbers[:20]:
        await a_registered_person(number, family_name="Janssens")
    known = [await rows.a_user(national_number=number) for number in numbers[20:]]
    for user in known:
        await rows.an_introduction(cast.organisation, user)
    # Both pairs of keys are configured everywhere before the first number is sealed with the new one.
    environment.set(
        NATIONAL_NUMBER_KEYS=f"{encoded_key(11)},{encoded_key(1)}",
        NATIONAL_NUMBER_INDEX_KEYS=f"{encoded_key(2)},{encoded_key(12)}",
    )
    manager, organisation = cast.people["manager"], {"organisationId": global_id("Organisation", cast.organisation.id)}
    responses: list[Any] = []

    async with api_process(tmp_path) as first, api_process(tmp_path) as second:

        async def look_up_and_add() -> None:
            for index, number in enumerate(numbers[:20]):
                process, mutation_input = (first, second)[index % 2], organisation | {"nationalNumber": number}
                looked_up = (await process.execute(manager, LOOK_UP, input=mutation_input))["lookUpPerson"]
                added = (await process.execute(manager, ADD, input=mutation_input))["addPerson"]
                user = known[index]
                masked = await process.execute(manager, MASKED, id=global_id("User", user.id))
                responses.append((looked_up, added, masked))

        rotation, _ = await asyncio.gather(econtracting("keys", "rotate"), look_up_and_add())
        second_rotation = await econtracting("keys", "rotate")
        logs = first.log.read_text() + second.log.read_text() + rotation.stdout + rotation.stderr

    assert (rotation.status, second_rotation.status) == (0, 0)
    assert second_rotation.stdout.startswith("Renewed: 0 numbers")
    for index, (looked_up, added, masked) in enumerate(responses):
        number, other = numbers[index], numbers[20 + index]
        mask = f"{number[:2]}.{number[2:4]}.{number[4:6]}-***.**"
        assert looked_up == {"person": {"familyName": "Janssens", "maskedNationalNumber": mask}, "errors": []}
        assert added == {"user": {"familyName": "Janssens"}, "errors": []}
        assert masked["node"]["maskedNationalNumber"] == f"{other[:2]}.{other[2:4]}.{other[4:6]}-***.**"
    environment.set(NATIONAL_NUMBER_KEYS=encoded_key(11), NATIONAL_NUMBER_INDEX_KEYS=encoded_key(12))
    assert [await User.filter(has_number(number)).count() for number in numbers] == [1] * len(numbers)

    valkey_content = await _valkey_content(valkey)
    assert "Started server process" in logs
    for number in numbers:
        for notation in (number, f"{number[:6]}-{number[6:9]}.{number[9:]}", number[2:]):
            assert notation not in logs
            assert notation.encode() not in valkey_content
            assert notation not in str(responses)


async def _valkey_content(valkey: str) -> bytes:
    """The keys and serialised values of everything in Valkey."""
    async with Redis.from_url(valkey) as connection:
        keys = await connection.keys("*")
        return b"\n".join([*keys, *[await connection.dump(key) or b"" for key in keys]])
