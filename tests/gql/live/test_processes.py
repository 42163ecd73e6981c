"""A subscriber of one API process receives the changes made by another process and by a worker."""

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
async def api_process(folder: Path) -> AsyncIterator[LiveApi]:
    """An API as it runs in production, on a free port, in the environment of the test."""
    with reserve_ports(HOST, 1) as (port,):
        url = f"http://{HOST}:{port}"
        with (folder / f"api-{port}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: ASYNC220  # it only starts here
                with_parent_death_signal(SERVE, signal.SIGKILL),
                env=os.environ | {"PORT": str(port), "PUBLIC_URL": url},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            await eventually(lambda: is_ready(url))
            yield LiveApi(url)
        finally:
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.wait, 60)


async def is_ready(url: str) -> bool:
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        try:
            return (await client.get(f"{url}/health/ready")).is_success
        except httpx.TransportError:
            return False


async def subscribe_to_actions(subscriber: Subscriber, contract: Contract) -> None:
    """Subscribes to the contract's actions, and opens actions until the first is received."""
    variables = {"id": global_id("Contract", contract.id)}
    await subscriber.send(type="subscribe", id="1", payload={"query": ACTION, "variables": variables})
    first_event = asyncio.create_task(subscriber.next_value())
    while not first_event.done():
        await rows.an_action(contract)
        await asyncio.wait({first_event}, timeout=0.2)


async def wait_for_event(subscriber: Subscriber, **expected: str) -> None:
    """Waits for an event with these values, past all others."""
    while not expected.items() <= (await subscriber.next_value()).items():
        """The actions that were opened while subscribing come first."""


async def test_a_change_made_by_another_process_is_received(database: str, office: Office, tmp_path: Path):
    assert database
    async with AsyncExitStack() as stack:
        api, other_api = [await stack.enter_async_context(api_process(tmp_path)) for _ in range(2)]
        subscriber = await stack.enter_async_context(api.subscriber(office.sender.user_id or 0))
        await subscribe_to_actions(subscriber, office.contract)
        action = await rows.an_action(office.contract)
        async with other_api.client(await other_api.session_headers(office.drafter.user_id or 0)) as client:
            assignee = global_id("User", office.drafter.user_id or 0)
            variables = {"input": {"id": global_id("Action", action.id), "version": 1, "userId": assignee}}
            response = await client.post("/graphql", json={"query": ASSIGN, "variables": variables})
        assert response.json()["data"]["assignAction"]["errors"] == []

        await wait_for_event(subscriber, id=global_id("Action", action.id), status="ASSIGNED")


async def test_a_change_made_by_a_worker_is_received(
    database: str, valkey: str, smtp_sink: SmtpSink, api: LiveApi, office: Office, tmp_path: Path
):
    assert database, valkey
    async with api.subscriber(office.administrator.user_id or 0) as subscriber, a_worker(tmp_path):
        await subscriber.subscribe(NOTIFICATION, id=global_id("Organisation", office.contract.organisation_id))
        await Organisation.filter(id=office.contract.organisation_id).update(email="info@aannemer.example")
        notification = await rows.a_notification(office.contract)

        await wait_for_event(subscriber, id=global_id("Notification", notification.id), status="ROUTED")
        await eventually(lambda: [mail["Delivered-To"] for mail in smtp_sink.mails()] == ["info@aannemer.example"])
