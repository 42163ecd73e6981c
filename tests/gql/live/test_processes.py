"""A follower at one API process is told what another process did, and what a worker did."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx

from domain.models import Contract, Organisation
from gql.reading.ids import global_id
from local.ports import reserve_ports
from local.stack import HOST
from local.supervisor.parent_death import with_parent_death_signal
from tests import rows
from tests.conftest import SmtpSink
from tests.domain.rules.office import Office
from tests.gql.live.live_api import ACTION, NOTIFICATION, LiveApi, Subscriber
from tests.workers.events import eventually
from tests.workers.processes import a_worker

SERVE = (sys.executable, "-c", "from cli import app; app(['serve'])")
ASSIGN = """mutation ($input: AssignActionInput!) { assignAction(input: $input) { action { id } errors { code } } }"""


@asynccontextmanager
async def an_api(folder: Path) -> AsyncIterator[LiveApi]:
    """An API as it runs in production, on a free port, in the environment of the test."""
    with reserve_ports(HOST, 1) as (port,):
        url = f"http://{HOST}:{port}"
        with (folder / f"api-{port}.log").open("wb") as said:
            running = subprocess.Popen(  # noqa: ASYNC220  # it only starts here
                with_parent_death_signal(SERVE, signal.SIGKILL),
                env=os.environ | {"PORT": str(port), "PUBLIC_URL": url},
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        try:
            await eventually(lambda: is_ready(url))
            yield LiveApi(url)
        finally:
            running.send_signal(signal.SIGTERM)
            await asyncio.to_thread(running.wait, 60)


async def is_ready(url: str) -> bool:
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        try:
            return (await client.get(f"{url}/health/ready")).is_success
        except httpx.TransportError:
            return False


async def follow(subscriber: Subscriber, contract: Contract) -> None:
    """Subscribes to the contract's actions; opens one after the other until the first is told."""
    variables = {"id": global_id("Contract", contract.id)}
    await subscriber.send(type="subscribe", id="1", payload={"query": ACTION, "variables": variables})
    hearing = asyncio.create_task(subscriber.next_value())
    while not hearing.done():
        await rows.an_action(contract)
        await asyncio.wait({hearing}, timeout=0.2)


async def wait_for_event(subscriber: Subscriber, **expected: str) -> None:
    """Waits for an event that says this, whatever is told before."""
    while not expected.items() <= (await subscriber.next_value()).items():
        """What was opened while subscribing comes first."""


async def test_what_another_process_did_is_told(database: str, office: Office, tmp_path: Path):
    assert database
    async with AsyncExitStack() as opened:
        here, there = [await opened.enter_async_context(an_api(tmp_path)) for _ in range(2)]
        subscriber = await opened.enter_async_context(here.subscriber(office.sender.user_id or 0))
        await follow(subscriber, office.contract)
        action = await rows.an_action(office.contract)
        given = {"version": 1, "userId": global_id("User", office.drafter.user_id or 0)}
        async with there.client(await there.session_headers(office.drafter.user_id or 0)) as client:
            variables = {"input": {"id": global_id("Action", action.id), **given}}
            answer = await client.post("/graphql", json={"query": ASSIGN, "variables": variables})
        assert answer.json()["data"]["assignAction"]["errors"] == []

        await wait_for_event(subscriber, id=global_id("Action", action.id), status="ASSIGNED")


async def test_what_a_worker_did_is_told(
    database: str, valkey: str, smtp_sink: SmtpSink, api: LiveApi, office: Office, tmp_path: Path
):
    assert database, valkey
    async with api.subscriber(office.administrator.user_id or 0) as subscriber, a_worker(tmp_path):
        await subscriber.subscribe(NOTIFICATION, id=global_id("Organisation", office.contract.organisation_id))
        await Organisation.filter(id=office.contract.organisation_id).update(email="info@aannemer.example")
        notification = await rows.a_notification(office.contract)

        await wait_for_event(subscriber, id=global_id("Notification", notification.id), status="ROUTED")
        await eventually(lambda: [mail["Delivered-To"] for mail in smtp_sink.mails()] == ["info@aannemer.example"])
