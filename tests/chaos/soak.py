"""A soak: a mixed load for as long as one likes, while processes come and go; in the end the books are opened."""

import asyncio
import random
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from domain.models import Organisation
from local.identity_provider.app import create_app as identity_provider
from tests import rows
from tests.chaos.api_clients import ApiClients
from tests.chaos.chaos_run import retrying_at_once
from tests.chaos.erratic_smtp import ErraticServer, an_erratic_server
from tests.chaos.load import Load, retry_until_done
from tests.chaos.reconciliation import Reconciliation, reconcile, unfinished
from tests.chaos.stack import Stack, a_stack
from tests.conftest import Environment
from tests.identity.serving import bind_socket, serve
from tests.workers.events import eventually

AWAY: Final = 1.0
"""Seconds that a server is away."""
MEGABYTE: Final = 1024 * 1024
ENDED: Final = (0, -signal.SIGTERM)
"""How a process ends that was told to: by itself, or by the signal once everything was put away."""


@dataclass
class Soak:
    """A soak under way.

    Attributes:
        told: What happened, in lines.
        restarts: How many processes were stopped in good order, and another started.
        short: Whether only the API's processes are restarted.
    """

    stack: Stack
    server: ErraticServer
    clients: ApiClients
    listener: socket.socket
    told: list[str] = field(default_factory=list)
    restarts: int = 0
    short: bool = False

    async def phase(self, name: str, seconds: float, meanwhile: Callable[[float], Awaitable[None]]) -> None:
        """One part of it: what goes on meanwhile is told when it is to end, by the monotonic clock."""
        self.clients.begin_phase()
        before, begun = self._memory(), time.monotonic()
        await meanwhile(begun + seconds)
        await asyncio.sleep(max(0.0, begun + seconds - time.monotonic()))
        elapsed, after = time.monotonic() - begun, self._memory()
        self.told.append(f"{name}, {elapsed:.0f} s")
        for kind, measured in sorted(self.clients.measured.items()):
            times = ", ".join(f"p{part} {measured.percentile(part / 100):.0f} ms" for part in (50, 95, 99))
            self.told.append(f"  {kind:<8} {len(measured.latencies) / elapsed:6.1f}/s   {times}")
        grown = (f"{name} {before.get(name, size):.0f} → {size:.0f}" for name, size in after.items())
        self.told.append(f"  memory in MB: {', '.join(grown)}")

    def _memory(self) -> Mapping[str, float]:
        processes = (*self.stack.apis, *self.stack.workers)
        return {each.log.stem: psutil.Process(each.running.pid).memory_info().rss / MEGABYTE for each in processes}

    async def nothing(self, until: float) -> None:
        """Everything stays as it is."""
        del until

    async def double(self, until: float) -> None:
        """One more of each."""
        del until
        await self.stack.start_api(self.listener)
        await self.stack.start_worker()

    async def restart_one_by_one(self, until: float) -> None:
        """Each process in turn is stopped in good order, and another comes in its place, over and over."""
        while True:
            # How workers end and others take over is chaos's.
            for process in (*self.stack.apis, *(() if self.short else self.stack.workers)):
                is_api = process in self.stack.apis
                assert await self.stack.stop_one(process) in ENDED, process.log.read_text()[-2000:]
                await (self.stack.start_api(self.listener) if is_api else self.stack.start_worker())
                self.restarts += 1
            if time.monotonic() > until:
                return

    async def take_servers_away(self, until: float) -> None:
        """The queue is killed, the mail server hangs up; both come back, over and over."""
        while True:
            await self.stack.kill_valkey(empty=True)
            await self.server.stop()
            await asyncio.sleep(AWAY)
            await self.stack.start_valkey()
            await self.server.start()
            await asyncio.sleep(AWAY)
            if time.monotonic() > until:
                return


async def soak(
    folder: Path, environment: Environment, seconds: float, *, short: bool = False
) -> tuple[Soak, Reconciliation]:
    """Runs the four phases, each for so many seconds at least; gives what became of everything.

    A short one asks little at once, so that the processes that start meanwhile have the machine for themselves.
    """
    seed = 1
    provider_socket, issuer = bind_socket()
    listener, url = bind_socket()
    listener.listen(1024)
    environment.set(OIDC_ISSUER=issuer, PUBLIC_URL=url)
    provider = identity_provider(issuer, folder / "provider", (), "secret")
    with closing(listener):
        async with (
            an_erratic_server(seed, chances={}) as server,
            serve(provider, provider_socket),
            a_stack(folder, environment, 1, server.port) as stack,
        ):
            load = Load(random.Random(seed))  # noqa: S311  # repeatable, no secret
            await load.prepare(6)
            await rows.a_machine_client(await Organisation.get(id=load.authority.authority_id), client_id="authority")
            clients = ApiClients(url, issuer, load, pause=0.3 if short else 0.02)
            going_on = Soak(stack, server, clients, listener, short=short)
            await _run(going_on, seconds)
            return going_on, await reconcile(load.committed, server.taken)


async def _run(going_on: Soak, seconds: float) -> None:
    await going_on.stack.start_api(going_on.listener)
    enough = asyncio.Event()
    coming = asyncio.create_task(going_on.clients.come(enough))
    try:
        await going_on.phase("1 API, 1 worker", seconds, going_on.nothing)
        await going_on.phase("2 APIs, 2 workers", seconds, going_on.double)
        await going_on.phase("restarted one by one", seconds, going_on.restart_one_by_one)
        await going_on.phase("queue and mail server come and go", seconds, going_on.take_servers_away)
    finally:
        enough.set()
        await coming
    async with retrying_at_once():
        await eventually(_finished, within=120)


async def _finished() -> bool:
    return await retry_until_done(unfinished) == 0


def figures(going_on: Soak, found: Reconciliation) -> str:
    """What happened and what came of it, in lines."""
    clients = going_on.clients
    mails = (
        f"{found.mails} mails of {len(clients.load.committed)} deliveries: lost {found.lost + found.forgotten},"
        f" strangers {found.strangers}, doubled without a word {found.unexplained}, doubled and told {found.copies}."
    )
    lines = (
        *going_on.told,
        mails,
        f"{going_on.restarts} restarts; live changes: {dict(clients.events)}.",
        f"{len(clients.failures)} failures{': ' if clients.failures else ''}{'; '.join(clients.failures[:10])}.",
    )
    return "\n".join(lines)
