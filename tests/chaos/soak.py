"""A soak: a mixed load for any duration while processes restart; at the end the results are reconciled."""

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

OUTAGE: Final = 1.0
"""Seconds that a server is away."""
MEGABYTE: Final = 1024 * 1024
CLEAN_EXIT_CODES: Final = (0, -signal.SIGTERM)
"""The exit codes of a stopped process: by itself, or by the signal after a clean shutdown."""


@dataclass
class Soak:
    """A soak in progress.

    Attributes:
        report: The figures of the phases, in lines.
        restarts: The number of processes that were stopped cleanly and replaced.
        short: Whether only the API's processes are restarted.
    """

    stack: Stack
    server: ErraticServer
    clients: ApiClients
    listener: socket.socket
    report: list[str] = field(default_factory=list)
    restarts: int = 0
    short: bool = False

    async def phase(self, name: str, seconds: float, meanwhile: Callable[[float], Awaitable[None]]) -> None:
        """Runs one phase; `meanwhile` gets the monotonic time at which it ends."""
        self.clients.begin_phase()
        before, begun_at = self._memory(), time.monotonic()
        await meanwhile(begun_at + seconds)
        await asyncio.sleep(max(0.0, begun_at + seconds - time.monotonic()))
        elapsed, after = time.monotonic() - begun_at, self._memory()
        self.report.append(f"{name}, {elapsed:.0f} s")
        for kind, measured in sorted(self.clients.measured.items()):
            times = ", ".join(f"p{part} {measured.percentile(part / 100):.0f} ms" for part in (50, 95, 99))
            self.report.append(f"  {kind:<8} {len(measured.latencies) / elapsed:6.1f}/s   {times}")
        sizes = (f"{name} {before.get(name, size):.0f} → {size:.0f}" for name, size in after.items())
        self.report.append(f"  memory in MB: {', '.join(sizes)}")

    def _memory(self) -> Mapping[str, float]:
        processes = (*self.stack.apis, *self.stack.workers)
        return {
            process.log.stem: psutil.Process(process.running.pid).memory_info().rss / MEGABYTE for process in processes
        }

    async def change_nothing(self, until: float) -> None:
        """Leaves the processes as they are."""
        del until

    async def add_processes(self, until: float) -> None:
        """Starts one more API and one more worker."""
        del until
        await self.stack.start_api(self.listener)
        await self.stack.start_worker()

    async def restart_one_by_one(self, until: float) -> None:
        """Stops and replaces each process in turn, repeatedly."""
        while True:
            # How workers end and others take over is tested by the chaos runs.
            for process in (*self.stack.apis, *(() if self.short else self.stack.workers)):
                is_api = process in self.stack.apis
                assert await self.stack.stop_one(process) in CLEAN_EXIT_CODES, process.log.read_text()[-2000:]
                await (self.stack.start_api(self.listener) if is_api else self.stack.start_worker())
                self.restarts += 1
            if time.monotonic() > until:
                return

    async def interrupt_servers(self, until: float) -> None:
        """Kills the queue and stops the mail server, and starts both again, repeatedly."""
        while True:
            await self.stack.kill_valkey(empty=True)
            await self.server.stop()
            await asyncio.sleep(OUTAGE)
            await self.stack.start_valkey()
            await self.server.start()
            await asyncio.sleep(OUTAGE)
            if time.monotonic() > until:
                return


async def soak(
    folder: Path, environment: Environment, seconds: float, *, short: bool = False
) -> tuple[Soak, Reconciliation]:
    """Runs the four phases, each for at least so many seconds; returns the soak and its reconciliation.

    A short soak has a small load, so that processes which start meanwhile get enough of the machine.
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
            run = Soak(stack, server, clients, listener, short=short)
            await _run_phases(run, seconds)
            return run, await reconcile(load.committed, server.taken)


async def _run_phases(run: Soak, seconds: float) -> None:
    await run.stack.start_api(run.listener)
    stop = asyncio.Event()
    clients = asyncio.create_task(run.clients.run(stop))
    try:
        await run.phase("1 API, 1 worker", seconds, run.change_nothing)
        await run.phase("2 APIs, 2 workers", seconds, run.add_processes)
        await run.phase("restarted one by one", seconds, run.restart_one_by_one)
        await run.phase("queue and mail server interrupted", seconds, run.interrupt_servers)
    finally:
        stop.set()
        await clients
    async with retrying_at_once():
        await eventually(_finished, within=120)


async def _finished() -> bool:
    return await retry_until_done(unfinished) == 0


def summary(run: Soak, result: Reconciliation) -> str:
    """A summary of the phases and the results, in lines."""
    clients = run.clients
    mails = (
        f"{result.mails} mails of {len(clients.load.committed)} deliveries: lost {result.lost + result.forgotten},"
        f" strangers {result.strangers}, unexplained copies {result.unexplained}, explained copies {result.copies}."
    )
    lines = (
        *run.report,
        mails,
        f"{run.restarts} restarts; live changes: {dict(clients.events)}.",
        f"{len(clients.failures)} failures{': ' if clients.failures else ''}{'; '.join(clients.failures[:10])}.",
    )
    return "\n".join(lines)
