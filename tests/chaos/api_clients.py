"""Clients that use a running API continuously: readers, writers, an authority's system, subscribers."""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import orjson
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from bench.graph.load import Measurement
from domain.models import AccessRightRole, Contract, Organisation, Role
from gql.reading.ids import from_global_id, global_id
from identity import sessions
from tests.chaos.load import Load

READ: Final = """{ viewer { organisations { organisation { name contracts(first: 10) { totalCount edges { node {
  title ownReference groupLinks { group { name memberships(first: 10) { totalCount } } } } } } } } } }"""
WRITE: Final = """mutation($input: UpdateContractInput!) { updateContract(input: $input) {
  contract { version ownReference } errors { refusal message } } }"""
DELIVER: Final = """mutation($input: DeliverDocumentInput!) { deliverDocument(input: $input) {
  document { id } errors { refusal message } } }"""
SUBSCRIBE: Final = """subscription($id: ID!) { notificationChanged(organisationId: $id) { id status } }"""
SERVICE_RESTART: Final = 1012
"""The WebSocket close code on which a client connects again."""
TOKEN_LIFETIME: Final = 30.0
Operation = tuple[str, Mapping[str, Any]]
"""A document and its variables."""


@dataclass
class ApiClients:
    """The clients, and their measurements, failures and events.

    Attributes:
        url: The URL of the API.
        issuer: The identity provider, with a client for the authority's system.
        load: The organisations, and the keys of the documents whose delivery was confirmed.
        pause: Seconds that each client waits between a response and its next request.
        measured: By kind of operation, the durations of the current phase.
        failures: The failed requests and subscriptions.
        events: The number of received messages by type, and of reconnections.
    """

    url: str
    issuer: str
    load: Load
    pause: float = 0.02
    measured: dict[str, Measurement] = field(default_factory=lambda: defaultdict(Measurement))
    failures: list[str] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)
    _serial: int = 0

    async def run(self, until: asyncio.Event) -> None:
        """Runs all clients concurrently until the event is set; requests in flight are finished."""
        people = [row.access_right.work_relation for row in await _administrators()]
        contracts = {
            work.organisation_id: (await Contract.filter(organisation_id=work.organisation_id).limit(1))[0]
            for work in people
        }
        clients: list[Awaitable[None]] = [self._deliver(until), self._deliver(until)]
        for work in people:
            cookie = {"cookie": f"session={await sessions.begin(work.user_id, None)}"}
            clients += [self._read(until, cookie), self._write(until, cookie, contracts[work.organisation_id])]
        for work in people[:3]:
            clients.append(self._subscribe(until, work.user_id, await work.organisation))
        await asyncio.gather(*clients)

    def begin_phase(self) -> None:
        """Discards the measurements; failures and events are kept."""
        self.measured.clear()

    async def _read(self, until: asyncio.Event, cookie: dict[str, str]) -> None:
        await self._repeat("read", until, lambda: _settled((READ, {})), lambda: _settled(cookie), _check_read)

    async def _write(self, until: asyncio.Event, cookie: dict[str, str], contract: Contract) -> None:
        version, numbers = (await Contract.get(id=contract.id)).version, random.Random(contract.id)  # noqa: S311  # no secret

        async def next_operation() -> Operation:
            fields = {"id": global_id("Contract", contract.id), "version": version}
            return WRITE, {"input": fields | {"ownReference": f"Werf {numbers.randrange(10**9)}"}}

        def handle(data: Any) -> None:
            nonlocal version
            version = data["updateContract"]["contract"]["version"]

        await self._repeat("write", until, next_operation, lambda: _settled(cookie), handle)

    async def _deliver(self, until: asyncio.Event) -> None:
        token, issued_at = "", -TOKEN_LIFETIME

        async def headers() -> dict[str, str]:
            nonlocal token, issued_at
            if time.monotonic() > issued_at + TOKEN_LIFETIME:
                form = {"grant_type": "client_credentials", "client_id": "authority", "client_secret": "demo"}
                async with httpx.AsyncClient(timeout=60, trust_env=False) as authority:
                    token = (await authority.post(f"{self.issuer}/token", data=form)).json()["access_token"]
                issued_at = time.monotonic()
            return {"authorization": f"Bearer {token}"}

        async def next_operation() -> Operation:
            self._serial += 1
            contract = global_id("Contract", self.load.chance.choice(self.load.contracts).id)
            return DELIVER, {
                "input": {
                    "externalId": f"DUUR-{self._serial}",
                    "contractId": contract,
                    "themeCode": "INVOICING",
                    "title": f"Vorderingsstaat {self._serial}",
                }
            }

        def handle(data: Any) -> None:
            parsed = from_global_id(data["deliverDocument"]["document"]["id"])
            assert parsed
            self.load.committed.add(parsed[1])

        await self._repeat("deliver", until, next_operation, headers, handle)

    async def _repeat(
        self,
        kind: str,
        until: asyncio.Event,
        next_operation: Callable[[], Awaitable[Operation]],
        headers: Callable[[], Awaitable[dict[str, str]]],
        handle: Callable[[Any], None],
    ) -> None:
        """Sends one operation after another and handles its data; a failed request is recorded and not retried."""
        async with httpx.AsyncClient(base_url=self.url, timeout=60, trust_env=False) as client:
            while not until.is_set():
                (document, variables), request_headers = await next_operation(), await headers()
                begun_at = time.perf_counter()
                try:
                    response = await client.post(
                        "/graphql", json={"query": document, "variables": variables}, headers=request_headers
                    )
                    handle(_data(response))
                except Exception as failure:  # noqa: BLE001  # each is counted, whatever it is
                    self.failures.append(f"{kind}: {failure!r}")
                else:
                    self.measured[kind].latencies.append(time.perf_counter() - begun_at)
                await asyncio.sleep(self.pause)

    async def _subscribe(self, until: asyncio.Event, user_id: int, organisation: Organisation) -> None:
        """Subscribes to the organisation's notifications; connects again when the service restarts."""
        cookie = {"cookie": f"session={await sessions.begin(user_id, None)}"}
        while not until.is_set():
            try:
                await self._listen(until, cookie, organisation)
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else None
                if code == SERVICE_RESTART:
                    self.events["reconnected"] += 1
                else:
                    self.failures.append(f"subscription: {closed!r}")
            except OSError as failure:
                self.failures.append(f"subscription: {failure!r}")

    async def _listen(self, until: asyncio.Event, cookie: dict[str, str], organisation: Organisation) -> None:
        address = self.url.replace("http", "ws") + "/graphql"
        async with connect(
            address, subprotocols=[Subprotocol("graphql-transport-ws")], additional_headers=cookie, proxy=None
        ) as socket:
            payload = {"query": SUBSCRIBE, "variables": {"id": global_id("Organisation", organisation.id)}}
            for message in ({"type": "connection_init"}, {"type": "subscribe", "id": "1", "payload": payload}):
                await socket.send(orjson.dumps(message).decode())
            while not until.is_set():
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.5):
                        received = orjson.loads(await socket.recv())
                    self.events[received["type"]] += 1
                    if received["type"] == "error":
                        self.failures.append(f"subscription: {received}")


def _data(response: httpx.Response) -> Any:
    """The data of a response without errors and refusals.

    Raises:
        ValueError: The response has an error or a refusal.
    """
    body = response.raise_for_status().json()
    payloads = [value for value in (body.get("data") or {}).values() if isinstance(value, dict)]
    if body.get("errors") or any(payload.get("errors") for payload in payloads):
        raise ValueError(str(body)[:300])
    return body["data"]


def _check_read(data: Any) -> None:
    assert data["viewer"]["organisations"], data


async def _settled(value: Any) -> Any:
    return value


async def _administrators() -> list[AccessRightRole]:
    rows = AccessRightRole.filter(role=Role.ADMINISTRATOR, valid_to=None).order_by("id")
    return await rows.prefetch_related("access_right__work_relation__organisation")
