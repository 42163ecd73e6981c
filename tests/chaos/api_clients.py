"""Those who use a running API all the while: readers, writers, an authority's system, followers of live changes."""

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
FOLLOW: Final = """subscription($id: ID!) { notificationChanged(organisationId: $id) { id status } }"""
INTERRUPTED: Final = 1012
TOKEN_LASTS: Final = 30.0
Asked = tuple[str, Mapping[str, Any]]


@dataclass
class ApiClients:
    """What they do and what becomes of it.

    Attributes:
        url: Where the API is.
        issuer: The identity provider, which knows the authority's system.
        load: The organisations, and the keys of the documents whose delivery was answered.
        pause: Seconds that each waits between one answer and the next question.
    """

    url: str
    issuer: str
    load: Load
    pause: float = 0.02
    measured: dict[str, Measurement] = field(default_factory=lambda: defaultdict(Measurement))
    failures: list[str] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)
    _serial: int = 0

    async def come(self, until: asyncio.Event) -> None:
        """Everything at once, until it is told to end; what was begun is finished."""
        people = [row.access_right.work_relation for row in await _administrators()]
        contracts = {
            work.organisation_id: (await Contract.filter(organisation_id=work.organisation_id).limit(1))[0]
            for work in people
        }
        ways: list[Awaitable[None]] = [self._deliver(until), self._deliver(until)]
        for work in people:
            cookie = {"cookie": f"session={await sessions.begin(work.user_id, None)}"}
            ways += [self._read(until, cookie), self._write(until, cookie, contracts[work.organisation_id])]
        for work in people[:3]:
            ways.append(self._follow(until, work.user_id, await work.organisation))
        await asyncio.gather(*ways)

    def begin_phase(self) -> None:
        """Forgets what was measured; failures and events stay."""
        self.measured.clear()

    async def _read(self, until: asyncio.Event, cookie: dict[str, str]) -> None:
        await self._keep_asking("read", until, lambda: _settled((READ, {})), lambda: _settled(cookie), _taken)

    async def _write(self, until: asyncio.Event, cookie: dict[str, str], contract: Contract) -> None:
        version, words = (await Contract.get(id=contract.id)).version, random.Random(contract.id)  # noqa: S311  # no secret

        async def asked() -> Asked:
            given = {"id": global_id("Contract", contract.id), "version": version}
            return WRITE, {"input": given | {"ownReference": f"Werf {words.randrange(10**9)}"}}

        def taken(data: Any) -> None:
            nonlocal version
            version = data["updateContract"]["contract"]["version"]

        await self._keep_asking("write", until, asked, lambda: _settled(cookie), taken)

    async def _deliver(self, until: asyncio.Event) -> None:
        token, got = "", -TOKEN_LASTS

        async def bearer() -> dict[str, str]:
            nonlocal token, got
            if time.monotonic() > got + TOKEN_LASTS:
                given = {"grant_type": "client_credentials", "client_id": "authority", "client_secret": "demo"}
                async with httpx.AsyncClient(timeout=60, trust_env=False) as authority:
                    token = (await authority.post(f"{self.issuer}/token", data=given)).json()["access_token"]
                got = time.monotonic()
            return {"authorization": f"Bearer {token}"}

        async def asked() -> Asked:
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

        def taken(data: Any) -> None:
            found = from_global_id(data["deliverDocument"]["document"]["id"])
            assert found
            self.load.committed.add(found[1])

        await self._keep_asking("deliver", until, asked, bearer, taken)

    async def _keep_asking(
        self,
        kind: str,
        until: asyncio.Event,
        asked: Callable[[], Awaitable[Asked]],
        headers: Callable[[], Awaitable[dict[str, str]]],
        taken: Callable[[Any], None],
    ) -> None:
        """Asks on one connection after another, and tries nothing twice."""
        async with httpx.AsyncClient(base_url=self.url, timeout=60, trust_env=False) as client:
            while not until.is_set():
                (document, variables), known = await asked(), await headers()
                begun = time.perf_counter()
                try:
                    answer = await client.post(
                        "/graphql", json={"query": document, "variables": variables}, headers=known
                    )
                    taken(_data(answer))
                except Exception as failure:  # noqa: BLE001  # each is counted, whatever it is
                    self.failures.append(f"{kind}: {failure!r}")
                else:
                    self.measured[kind].latencies.append(time.perf_counter() - begun)
                await asyncio.sleep(self.pause)

    async def _follow(self, until: asyncio.Event, user_id: int, organisation: Organisation) -> None:
        """Follows the organisation's notifications; connects again when it is told to."""
        cookie = {"cookie": f"session={await sessions.begin(user_id, None)}"}
        while not until.is_set():
            try:
                await self._listen(until, cookie, organisation)
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else None
                if code == INTERRUPTED:
                    self.events["connected again"] += 1
                else:
                    self.failures.append(f"follow: {closed!r}")
            except OSError as failure:
                self.failures.append(f"follow: {failure!r}")

    async def _listen(self, until: asyncio.Event, cookie: dict[str, str], organisation: Organisation) -> None:
        address = self.url.replace("http", "ws") + "/graphql"
        async with connect(
            address, subprotocols=[Subprotocol("graphql-transport-ws")], additional_headers=cookie, proxy=None
        ) as socket:
            subscribed = {"query": FOLLOW, "variables": {"id": global_id("Organisation", organisation.id)}}
            for message in ({"type": "connection_init"}, {"type": "subscribe", "id": "1", "payload": subscribed}):
                await socket.send(orjson.dumps(message).decode())
            while not until.is_set():
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.5):
                        told = orjson.loads(await socket.recv())
                    self.events[told["type"]] += 1
                    if told["type"] == "error":
                        self.failures.append(f"follow: {told}")


def _data(answer: httpx.Response) -> Any:
    """The data of an answer in which everything was done.

    Raises:
        ValueError: Something was refused, or failed.
    """
    told = answer.raise_for_status().json()
    payloads = [each for each in (told.get("data") or {}).values() if isinstance(each, dict)]
    if told.get("errors") or any(payload.get("errors") for payload in payloads):
        raise ValueError(str(told)[:300])
    return told["data"]


def _taken(data: Any) -> None:
    assert data["viewer"]["organisations"], data


async def _settled(value: Any) -> Any:
    return value


async def _administrators() -> list[AccessRightRole]:
    rows = AccessRightRole.filter(role=Role.ADMINISTRATOR, valid_to=None).order_by("id")
    return await rows.prefetch_related("access_right__work_relation__organisation")
