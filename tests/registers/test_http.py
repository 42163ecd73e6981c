"""The registers over HTTP, with servers that respond, delay, fail and send invalid responses."""

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
from tests.registers.serving import (
    Responder,
    respond,
    respond_endlessly,
    respond_json,
    respond_never,
    respond_raw,
    scripted_register,
)

NUMBER = "85073003328"
PERSON = {"nationalNumber": NUMBER, "givenName": "An", "familyName": "Peeters", "birthDate": "1985-07-30"}
REGISTERED_PERSON = RegisteredPerson(NUMBER, "An", "Peeters", date(1985, 7, 30))
ENTERPRISE_NUMBER = "0123456749"
ATTEMPTS = 3
SHORT_TIMEOUT, LONG_TIMEOUT = 0.25, 60.0
"""In seconds; the long one suffices however busy the machine is."""
CreateClient = Callable[..., Any]


@pytest.fixture
async def create_client() -> AsyncIterator[CreateClient]:
    """Creates clients with a long timeout, and closes them."""
    async with AsyncExitStack() as stack:

        def create(url: str, **options: Any) -> RegisterClient:
            client_class = options.pop("client_class", RegisterClient)
            client: RegisterClient = client_class("person", url, **{"timeout": LONG_TIMEOUT} | options)
            stack.push_async_callback(client.close)
            return client

        yield create


class ImpatientClient(RegisterClient):
    """A client with a short timeout for its first two attempts, and a long one for the third.

    Attributes:
        attempts: How many attempts it has made.
    """

    attempts = 0

    async def _send_once(self, body: dict[str, str]) -> Any:
        self.attempts += 1
        self._timeout = LONG_TIMEOUT if self.attempts == ATTEMPTS else SHORT_TIMEOUT
        return await super()._send_once(body)


async def test_a_person_is_found_by_a_number_that_is_not_in_the_url(create_client: CreateClient):
    async with scripted_register(respond_json({"person": PERSON})) as register:
        person_register = HttpPersonRegister(create_client(register.url, token=SecretStr("geheim")))
        assert await person_register.person(NUMBER) == REGISTERED_PERSON
        assert [json.loads(body) for body in register.request_bodies] == [{"nationalNumber": NUMBER}]
        [head] = register.request_heads
        assert head.startswith("POST /requests HTTP/1.1\r\n")
        assert "authorization: bearer geheim" in head.lower()
        assert NUMBER not in head


async def test_an_unknown_person_is_none(create_client: CreateClient):
    async with scripted_register(respond_json({"person": None})) as register:
        assert await HttpPersonRegister(create_client(register.url)).person(NUMBER) is None
        assert len(register.request_bodies) == 1


async def test_a_missing_birth_date_derives_from_the_number(create_client: CreateClient):
    person = {name: value for name, value in PERSON.items() if name != "birthDate"}
    async with scripted_register(respond_json({"person": person})) as register:
        assert await HttpPersonRegister(create_client(register.url)).person(NUMBER) == REGISTERED_PERSON


@pytest.mark.parametrize(
    "fail",
    [
        respond(503, b"down"),
        respond(429, b""),
        respond(200, b'{"per', 900),
        respond_raw(b"SSH-2.0-rubbish\r\n\r\n"),
        respond_never,
        respond_endlessly,
    ],
    ids=["unavailable", "too-many-requests", "incomplete", "no-http", "no-response", "endless"],
)
async def test_a_request_is_retried_after_transient_errors(create_client: CreateClient, fail: Responder):
    async def responder(writer: asyncio.StreamWriter) -> None:
        await (respond_json({"person": PERSON}) if client.attempts == ATTEMPTS else fail)(writer)

    async with scripted_register(responder) as register:
        client = create_client(register.url, client_class=ImpatientClient)
        assert await HttpPersonRegister(client).person(NUMBER) == REGISTERED_PERSON
        assert client.attempts == ATTEMPTS


@pytest.mark.parametrize(
    "responder", [respond(500, b"no"), respond_never, respond_endlessly], ids=["error", "no-response", "endless"]
)
async def test_a_lasting_error_is_raised_after_the_last_attempt(create_client: CreateClient, responder: Responder):
    async with scripted_register(responder) as register:
        client = create_client(register.url, client_class=ImpatientClient, attempts=2)
        with pytest.raises(RegisterUnavailableError) as error:
            await HttpPersonRegister(client).person(NUMBER)
        assert client.attempts == 2
        assert NUMBER not in repr(error.value) + str(error.value.__cause__) + str(error.value.__context__)


async def test_an_unreachable_register_is_unavailable(create_client: CreateClient):
    with pytest.raises(RegisterUnavailableError, match="ConnectError"):
        await HttpPersonRegister(create_client("http://127.0.0.1:1/requests")).person(NUMBER)


@pytest.mark.parametrize(
    "responder",
    [
        respond(404, b"{}"),
        respond(301, b""),
        respond(401, b""),
        respond(200, b"<html>"),
        respond(200, b"\xff\xfe\x00"),
        respond(200, b"[" * 100_000),
        respond(200, b" " * (MAX_RESPONSE_BYTES + 1)),
        respond_json([]),
        respond_json({}),
        respond_json({"person": NUMBER}),
        respond_json({"person": {**PERSON, "givenName": " "}}),
        respond_json({"person": {**PERSON, "nationalNumber": "85073003329"}}),
        respond_json({"person": {**PERSON, "nationalNumber": "72080891985"}}),
        respond_json({"person": {**PERSON, "birthDate": "30/07/1985"}}),
    ],
)
async def test_an_invalid_response_is_refused_and_not_retried(create_client: CreateClient, responder: Responder):
    async with scripted_register(responder) as register:
        with pytest.raises(RegisterUnavailableError) as error:
            await HttpPersonRegister(create_client(register.url)).person(NUMBER)
        assert len(register.request_bodies) == 1
        assert NUMBER not in str(error.value)
        assert "85073003329" not in str(error.value)


async def test_a_register_that_is_down_gets_no_requests_for_a_while(create_client: CreateClient):
    now = 0.0
    circuit_breaker = CircuitBreaker(failure_threshold=2, reset_timeout=10, clock=lambda: now)
    down = respond(500, b"")
    async with scripted_register(down, down, down, respond_json({"person": PERSON})) as register:
        person_register = HttpPersonRegister(create_client(register.url, attempts=1, circuit_breaker=circuit_breaker))
        for _ in range(4):
            with pytest.raises(RegisterUnavailableError):
                await person_register.person(NUMBER)
        assert len(register.request_bodies) == 2
        now = 11.0
        with pytest.raises(RegisterUnavailableError):
            await person_register.person(NUMBER)
        assert len(register.request_bodies) == 3
        now = 22.0
        assert await person_register.person(NUMBER) == REGISTERED_PERSON
        assert await person_register.person(NUMBER) == REGISTERED_PERSON


async def test_one_request_at_a_time_probes_whether_the_register_is_up_again(create_client: CreateClient):
    now = 0.0
    circuit_breaker, reached = (
        CircuitBreaker(failure_threshold=1, reset_timeout=10, clock=lambda: now),
        asyncio.Event(),
    )

    async def hang(_writer: asyncio.StreamWriter) -> None:
        reached.set()
        await asyncio.Event().wait()

    async with scripted_register(respond(500, b""), hang, respond_json({"person": PERSON})) as register:
        person_register = HttpPersonRegister(create_client(register.url, attempts=1, circuit_breaker=circuit_breaker))
        with pytest.raises(RegisterUnavailableError):
            await person_register.person(NUMBER)
        now = 11.0
        probe = asyncio.create_task(person_register.person(NUMBER))
        await reached.wait()
        with pytest.raises(RegisterUnavailableError, match="shortly before"):
            await person_register.person(NUMBER)
        # After a cancelled probe another one is allowed.
        probe.cancel()
        await asyncio.gather(probe, return_exceptions=True)
        assert await person_register.person(NUMBER) == REGISTERED_PERSON


ENTERPRISE = {"enterpriseNumber": "0123.456.749", "name": "Aannemer", "kind": "CONSORTIUM"}


@pytest.mark.parametrize(
    ("representatives", "expected"),
    [
        ([], []),
        ([{"person": PERSON}, {"person": PERSON}], [REGISTERED_PERSON]),
        ([{"enterpriseNumber": "0999100196"}], []),
        ([{"enterpriseNumber": "0999100196", "person": PERSON}], [REGISTERED_PERSON]),
    ],
    ids=["none", "once", "company-alone", "permanent-representative"],
)
async def test_an_enterprise_is_found(
    create_client: CreateClient, representatives: list[Any], expected: list[RegisteredPerson]
):
    content = {"enterprise": {**ENTERPRISE, "representatives": representatives}}
    async with scripted_register(respond_json(content)) as register:
        enterprise = await HttpEnterpriseRegister(create_client(register.url)).enterprise(ENTERPRISE_NUMBER)
        assert enterprise == RegisteredEnterprise(ENTERPRISE_NUMBER, "Aannemer", OrganisationKind.CONSORTIUM, expected)
        assert [json.loads(body) for body in register.request_bodies] == [{"enterpriseNumber": ENTERPRISE_NUMBER}]


async def test_an_unknown_enterprise_is_none_and_another_one_is_an_invalid_response(create_client: CreateClient):
    other = {**ENTERPRISE, "enterpriseNumber": "0999100196", "representatives": []}
    async with scripted_register(respond_json({"enterprise": None}), respond_json({"enterprise": other})) as register:
        enterprise_register = HttpEnterpriseRegister(create_client(register.url))
        assert await enterprise_register.enterprise(ENTERPRISE_NUMBER) is None
        with pytest.raises(RegisterUnavailableError, match="another organisation"):
            await enterprise_register.enterprise(ENTERPRISE_NUMBER)
