"""A chaos run: documents are delivered while faults are injected; at the end the results are reconciled."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from domain.database.connection import database
from domain.doorbell import install_doorbell
from tests.chaos import jumping_clock
from tests.chaos.erratic_smtp import (
    CONTENT,
    DATA,
    EHLO,
    GREETING,
    MAIL,
    RCPT,
    REPLIED,
    ErraticServer,
    an_erratic_server,
)
from tests.chaos.load import Load, retry_until_done
from tests.chaos.reconciliation import Reconciliation, reconcile, unfinished
from tests.chaos.stack import Stack, a_stack
from tests.conftest import Environment
from tests.workers.events import eventually
from workers.doorbell import QueueDoorbell

ANYWHERE = "RANDOM"
"""The worker is ended at any moment: while it claims, routes, composes or settles."""
PHASES = (CONTENT, ANYWHERE, REPLIED, DATA, RCPT, MAIL, EHLO, GREETING)
DAY = 86_400.0
# The delays of the retry schedule are cut short; leases last as long as the plan says.
_MAKE_DELIVERIES_DUE = (
    """update delivery set due_at = now() where status in ('PENDING', 'UNCERTAIN') and due_at > now()"""
)
_MAKE_NOTIFICATIONS_DUE = "update notification set due_at = now() where status = 'PENDING' and due_at > now()"


_SELECT_UNFINISHED = """
select d.id, d.status, d.attempts, d.failures, d.losses, d.due_at - now() as due, d.leased_until - now() as lease
from delivery d where d.status in ('PENDING', 'SENDING', 'UNCERTAIN') order by d.id limit 20"""


@dataclass(frozen=True)
class Plan:
    """The numbers of deliveries and faults, each spread over the whole run.

    Attributes:
        events: Documents that are delivered.
        kills: SIGKILLs of workers, at each phase in turn.
        stops: SIGTERMs of workers, likewise.
        flushes: FLUSHALLs of Valkey.
        queue_kills: Valkey killed and started again, with its file and empty in turn.
        queue_freezes: Valkey frozen for some seconds.
        worker_freezes: A worker frozen for longer than its lease.
        database_restarts: PostgreSQL stopped and crashed in turn, and started again.
        clock_jumps: The workers' wall clocks set forward and back.
        lease: The seconds of a lease.
        shuffled: Whether the faults come in random order; otherwise in this one, in which leases expire meanwhile.
        timeout: Seconds after which the run is aborted.
        workers: The number of workers.
        seed: The seed of all random choices.
    """

    events: int
    kills: int
    stops: int
    flushes: int
    queue_kills: int
    queue_freezes: int
    worker_freezes: int
    database_restarts: int
    clock_jumps: int
    lease: int = 15
    timeout: float = 240.0
    shuffled: bool = True
    workers: int = 3
    seed: int = 1


@asynccontextmanager
async def retrying_at_once() -> AsyncIterator[None]:
    """While the block lasts, everything that waits for a retry is made due at once."""

    async def make_due_forever() -> None:
        while True:
            # A database that was just killed may cause any error of the driver; the statements are repeated.
            with suppress(Exception):
                async with asyncio.timeout(5):
                    for statement in (_MAKE_DELIVERIES_DUE, _MAKE_NOTIFICATIONS_DUE):
                        await asyncio.create_task(database().execute_query(statement))
            await asyncio.sleep(0.5)

    task = asyncio.create_task(make_due_forever())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


@dataclass
class ChaosRun:
    """A chaos run in progress."""

    plan: Plan
    stack: Stack
    server: ErraticServer
    load: Load
    done: Counter[str] = field(default_factory=Counter)
    doing: str = "beginning"
    elsewhere: int = 0
    """How many workers were ended in another phase than intended, because no mail reached it in time."""

    async def run(self) -> Reconciliation:
        faults = self._faults()
        share = max(1, self.plan.events // max(1, len(faults)))
        async with retrying_at_once():
            for number, fault in enumerate(faults):
                left = self.plan.events - number * share
                events = share if number < len(faults) - 1 else left
                self.doing = f"fault {number + 1} of {len(faults)}, {fault.__qualname__}"
                await asyncio.gather(self.load.deliver(events), fault())
            self.doing = "finishing"
            await eventually(self._finished, within=180)
        return await reconcile(self.load.committed, self.server.taken)

    def _faults(self) -> list[Callable[[], Awaitable[None]]]:
        """Every fault of the plan, shuffled if the plan says so."""
        plan = self.plan
        phases = [PHASES[number % len(PHASES)] for number in range(plan.kills + plan.stops)]
        endings = [signal.SIGKILL] * plan.kills + [signal.SIGTERM] * plan.stops
        crashes = (signal.SIGINT, signal.SIGQUIT)
        jumps = (DAY, -DAY, 3650 * DAY, -3650 * DAY)
        faults = [
            *(self._end_worker(number, phase) for number, phase in zip(endings, phases, strict=True)),
            *[self._flush] * plan.flushes,
            *(self._kill_queue(empty=number % 2 == 0) for number in range(plan.queue_kills)),
            *[self._freeze_queue] * plan.queue_freezes,
            *[self._freeze_worker] * plan.worker_freezes,
            *(self._restart_database(crashes[number % len(crashes)]) for number in range(plan.database_restarts)),
            *(self._jump_clock(jumps[number % len(jumps)]) for number in range(plan.clock_jumps)),
        ]
        if plan.shuffled:
            self.load.chance.shuffle(faults)
        return faults

    def _end_worker(self, number: signal.Signals, phase: str) -> Callable[[], Awaitable[None]]:
        async def end() -> None:
            worker = self.stack.some_worker(self.load.chance)
            hold = None
            if phase == ANYWHERE:
                await asyncio.sleep(self.load.chance.random() / 4)
            else:
                hold = self.server.hold(phase)
                if phase in (GREETING, EHLO):
                    # Sessions are reused, so that no new one would be opened otherwise.
                    self.server.hang_up()
                try:
                    await asyncio.wait_for(hold.reached.wait(), 10)
                    worker = self.stack.worker_at(hold.port) or worker
                except TimeoutError:
                    # No mail reached the phase in time: the worker is ended wherever it is.
                    self.elsewhere += 1
            worker.running.send_signal(number)
            if hold:
                # The server continues only now: a stopped worker finishes the mail that it is sending.
                self.server.forget(hold)
            code = await self.stack.replace(worker)
            assert code == (0 if number is signal.SIGTERM else -number), worker.log.read_text()[-2000:]
            self.done[number.name] += 1

        return end

    async def _flush(self) -> None:
        await self.stack.flush_valkey()
        self.done["FLUSHALL"] += 1

    def _kill_queue(self, *, empty: bool) -> Callable[[], Awaitable[None]]:
        async def kill() -> None:
            await self.stack.kill_valkey(empty=empty)
            await asyncio.sleep(1)
            await self.stack.start_valkey()
            self.done["queue restarted empty" if empty else "queue restarted"] += 1

        return kill

    async def _freeze_queue(self) -> None:
        await self.stack.freeze_valkey(3)
        self.done["queue frozen"] += 1

    async def _freeze_worker(self) -> None:
        hold = self.server.hold("CONTENT")
        await hold.reached.wait()
        worker = self.stack.worker_at(hold.port) or self.stack.some_worker(self.load.chance)
        worker.running.send_signal(signal.SIGSTOP)
        hold.released.set()
        await asyncio.sleep(self.plan.lease + 5)
        worker.running.send_signal(signal.SIGCONT)
        self.done["worker frozen"] += 1

    def _restart_database(self, number: signal.Signals) -> Callable[[], Awaitable[None]]:
        async def restart() -> None:
            await self.stack.end_postgres(number)
            await asyncio.sleep(0.5)
            await self.stack.start_postgres()
            self.done["database crashed" if number is signal.SIGQUIT else "database restarted"] += 1

        return restart

    def _jump_clock(self, seconds: float) -> Callable[[], Awaitable[None]]:
        async def jump() -> None:
            jumping_clock.put(self.stack.clock, seconds)
            self.done["clock jump"] += 1

        return jump

    async def state(self) -> str:
        """The state of the run, to find out why it doesn't finish."""
        try:
            async with asyncio.timeout(5):
                unfinished_rows = [str(row) for row in await database().execute_query_dict(_SELECT_UNFINISHED)]
        except Exception as error:  # noqa: BLE001  # the error is part of the state
            unfinished_rows = [repr(error)]
        logs = [f"{worker.log.name}: {worker.log.read_text().splitlines()[-3:]}" for worker in self.stack.workers]
        return "\n".join((f"{self.doing}, after {dict(self.done)}", *unfinished_rows, *logs))

    async def _finished(self) -> bool:
        return await retry_until_done(unfinished) == 0


async def run_chaos(plan: Plan, folder: Path, environment: Environment) -> tuple[Reconciliation, str]:
    """Performs a chaos run in a folder; returns the reconciliation, and a summary of its figures."""
    begun_at = time.monotonic()
    environment.set(MAIL_LEASE_SECONDS=plan.lease)
    async with (
        an_erratic_server(plan.seed) as server,
        a_stack(folder, environment, plan.workers, server.port) as stack,
    ):
        doorbell = QueueDoorbell(stack.valkey.url())
        install_doorbell(doorbell)
        try:
            load = Load(random.Random(plan.seed))  # noqa: S311  # repeatable, no secret
            await load.prepare(6)
            run = ChaosRun(plan, stack, server, load)
            try:
                async with asyncio.timeout(plan.timeout):
                    reconciliation = await run.run()
            except BaseException as error:
                error.add_note(await run.state())
                raise
        finally:
            install_doorbell(None)
            await doorbell.close()
    return reconciliation, summary(reconciliation, run, time.monotonic() - begun_at)


def summary(result: Reconciliation, run: ChaosRun, seconds: float) -> str:
    """A summary of the faults and the results, in lines."""
    faults = ", ".join(f"{number} {name}" for name, number in run.done.items())
    statuses = ", ".join(f"{number} {status}" for status, number in sorted(result.statuses.items()))
    return (
        f"{result.mails} mails of {len(run.load.committed)} deliveries in {seconds:.0f} s: {statuses}.\n"
        f"{faults} ({run.elsewhere} workers ended in another phase than intended); {run.server.faults} faults of the"
        " mail server.\n"
        f"{result.second_routings} second routings; {result.copies} extra copies, each explained by its row;"
        f" {run.load.rolled_back} transactions rolled back.\n"
        f"Lost {result.lost + result.forgotten}, strangers {result.strangers}, unexplained copies {result.unexplained},"
        f" mails of rolled back deliveries {result.undone}, wrong second routings {result.unfollowed}.\n"
    )
