"""The registers over HTTP, against servers that answer, delay, fail and send rubbish."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import date
from typing import Any

import pytest
from pydantic import SecretStr

from domain.models import OrganisationKind
from domain.registers import RegisteredEnterprise, RegisteredPerson, RegisterUnavailableError
from registers.circuit_breaker import CircuitBreaker
from registers.client import MAX_RESPONSE_BYTES, RegisterClient
from registers.http import HttpEnterpriseRegister, HttpPersonRegister
from tests.registers.serving import Turn, answers, drips, hangs, raw, register, says

NUMBER = "85073003328"
PERSON = {"nationalNumber": NUMBER, "givenName": "An", "familyName": "Peeters", "birthDate": "1985-07-30"}
FOUND = RegisteredPerson(NUMBER, "An", "Peeters", date(1985, 7, 30))
COMPANY = "0123456749"
ATTEMPTS = 3
SHORT, LONG = 0.25, 60.0
"""Seconds: of somebody who soon gives up, and of somebody who doesn't however busy the machine is."""
Connect = Callable[..., Any]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Makes connections that wait longer than a busy machine takes, and closes them."""
    async with AsyncExitStack() as closing:

        def made(address: str, **options: Any) -> RegisterClient:
            kind = options.pop("kind", RegisterClient)
            client: RegisterClient = kind("person", address, **{"timeout": LONG} | options)
            closing.push_async_callback(client.close)
            return client

        yield made


class Hurried(RegisterClient):
    """Gives its first two attempts but a moment, and the third as long as it takes.

    Attributes:
        tries: How many attempts it has begun.
    """

    tries = 0

    async def _send_once(self, body: dict[str, str]) -> Any:
        self.tries += 1
        self._timeout = LONG if self.tries == ATTEMPTS else SHORT
        return await super()._send_once(body)


async def test_a_person_is_found_by_a_number_that_stands_in_no_address(connect: Connect):
    async with register(says({"person": PERSON})) as served:
        people = HttpPersonRegister(connect(served.address, token=SecretStr("geheim")))
        assert await people.person(NUMBER) == FOUND
        assert [json.loads(body) for body in served.bodies] == [{"nationalNumber": NUMBER}]
        [head] = served.heads
        assert head.startswith("POST /questions HTTP/1.1\r\n")
        assert "authorization: bearer geheim" in head.lower()
        assert NUMBER not in head


async def test_somebody_unknown_is_none(connect: Connect):
    async with register(says({"person": None})) as served:
        assert await HttpPersonRegister(connect(served.address)).person(NUMBER) is None
        assert len(served.bodies) == 1


async def test_a_birth_date_left_out_derives_from_the_number(connect: Connect):
    told = {name: value for name, value in PERSON.items() if name != "birthDate"}
    async with register(says({"person": told})) as served:
        assert await HttpPersonRegister(connect(served.address)).person(NUMBER) == FOUND


@pytest.mark.parametrize(
    "trouble",
    [
        answers(503, b"down"),
        answers(429, b""),
        answers(200, b'{"per', 900),
        raw(b"SSH-2.0-rubbish\r\n\r\n"),
        hangs,
        drips,
    ],
    ids=["fails", "busy", "breaks-off", "no-http", "hangs", "drips"],
)
async def test_passing_trouble_is_tried_again_until_it_passes(connect: Connect, trouble: Turn):
    async def turn(writer: asyncio.StreamWriter) -> None:
        await (says({"person": PERSON}) if client.tries == ATTEMPTS else trouble)(writer)

    async with register(turn) as served:
        client = connect(served.address, kind=Hurried)
        assert await HttpPersonRegister(client).person(NUMBER) == FOUND
        assert client.tries == ATTEMPTS


@pytest.mark.parametrize("turn", [answers(500, b"no"), hangs, drips], ids=["fails", "hangs", "drips"])
async def test_lasting_trouble_is_told_within_bounds(connect: Connect, turn: Turn):
    async with register(turn) as served:
        client = connect(served.address, kind=Hurried, attempts=2)
        with pytest.raises(RegisterUnavailableError) as told:
            await HttpPersonRegister(client).person(NUMBER)
        assert client.tries == 2
        assert NUMBER not in repr(told.value) + str(told.value.__cause__) + str(told.value.__context__)


async def test_nobody_at_the_address_is_told(connect: Connect):
    with pytest.raises(RegisterUnavailableError, match="ConnectError"):
        await HttpPersonRegister(connect("http://127.0.0.1:1/questions")).person(NUMBER)


@pytest.mark.parametrize(
    "turn",
    [
        answers(404, b"{}"),
        answers(301, b""),
        answers(401, b""),
        answers(200, b"<html>"),
        answers(200, b"\xff\xfe\x00"),
        answers(200, b"[" * 100_000),
        answers(200, b" " * (MAX_RESPONSE_BYTES + 1)),
        says([]),
        says({}),
        says({"person": NUMBER}),
        says({"person": {**PERSON, "givenName": " "}}),
        says({"person": {**PERSON, "nationalNumber": "85073003329"}}),
        says({"person": {**PERSON, "nationalNumber": "72080891985"}}),
        says({"person": {**PERSON, "birthDate": "30/07/1985"}}),
    ],
)
async def test_rubbish_is_no_answer_and_is_not_asked_for_again(connect: Connect, turn: Turn):
    async with register(turn) as served:
        with pytest.raises(RegisterUnavailableError) as told:
            await HttpPersonRegister(connect(served.address)).person(NUMBER)
        assert len(served.bodies) == 1
        assert NUMBER not in str(told.value)
        assert "85073003329" not in str(told.value)


async def test_a_register_that_is_down_is_left_alone_for_a_while(connect: Connect):
    moment = 0.0
    circuit_breaker = CircuitBreaker(failure_threshold=2, reset_timeout=10, clock=lambda: moment)
    down = answers(500, b"")
    async with register(down, down, down, says({"person": PERSON})) as served:
        people = HttpPersonRegister(connect(served.address, attempts=1, circuit_breaker=circuit_breaker))
        for _ in range(4):
            with pytest.raises(RegisterUnavailableError):
                await people.person(NUMBER)
        assert len(served.bodies) == 2
        moment = 11.0
        with pytest.raises(RegisterUnavailableError):
            await people.person(NUMBER)
        assert len(served.bodies) == 3
        moment = 22.0
        assert await people.person(NUMBER) == FOUND
        assert await people.person(NUMBER) == FOUND


async def test_one_question_at_a_time_finds_out_whether_it_is_up_again(connect: Connect):
    moment = 0.0
    circuit_breaker, reached = (
        CircuitBreaker(failure_threshold=1, reset_timeout=10, clock=lambda: moment),
        asyncio.Event(),
    )

    async def keeps_waiting(_writer: asyncio.StreamWriter) -> None:
        reached.set()
        await asyncio.Event().wait()

    async with register(answers(500, b""), keeps_waiting, says({"person": PERSON})) as served:
        people = HttpPersonRegister(connect(served.address, attempts=1, circuit_breaker=circuit_breaker))
        with pytest.raises(RegisterUnavailableError):
            await people.person(NUMBER)
        moment = 11.0
        trying = asyncio.create_task(people.person(NUMBER))
        await reached.wait()
        with pytest.raises(RegisterUnavailableError, match="shortly before"):
            await people.person(NUMBER)
        # Whoever gives up leaves the way free for the next one.
        trying.cancel()
        await asyncio.gather(trying, return_exceptions=True)
        assert await people.person(NUMBER) == FOUND


ENTERPRISE = {"enterpriseNumber": "0123.456.749", "name": "Aannemer", "kind": "CONSORTIUM"}


@pytest.mark.parametrize(
    ("representatives", "expected"),
    [
        ([], []),
        ([{"person": PERSON}, {"person": PERSON}], [FOUND]),
        ([{"enterpriseNumber": "0999100196"}], []),
        ([{"enterpriseNumber": "0999100196", "person": PERSON}], [FOUND]),
    ],
    ids=["none", "once", "company-alone", "permanent-representative"],
)
async def test_an_enterprise_is_found(connect: Connect, representatives: list[Any], expected: list[RegisteredPerson]):
    told = {"enterprise": {**ENTERPRISE, "representatives": representatives}}
    async with register(says(told)) as served:
        found = await HttpEnterpriseRegister(connect(served.address)).enterprise(COMPANY)
        assert found == RegisteredEnterprise(COMPANY, "Aannemer", OrganisationKind.CONSORTIUM, expected)
        assert [json.loads(body) for body in served.bodies] == [{"enterpriseNumber": COMPANY}]


async def test_an_unknown_enterprise_is_none_and_another_one_is_rubbish(connect: Connect):
    other = {**ENTERPRISE, "enterpriseNumber": "0999100196", "representatives": []}
    async with register(says({"enterprise": None}), says({"enterprise": other})) as served:
        enterprises = HttpEnterpriseRegister(connect(served.address))
        assert await enterprises.enterprise(COMPANY) is None
        with pytest.raises(RegisterUnavailableError, match="another organisation"):
            await enterprises.enterprise(COMPANY)
