"""One ordeal: events keep coming while everything that can go wrong does, and in the end the books are opened."""

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
    ANSWERED,
    CONTENT,
    DATA,
    EHLO,
    GREETING,
    MAIL,
    RCPT,
    ErraticServer,
    an_erratic_server,
)
from tests.chaos.load import Load, insisting
from tests.chaos.reckoning import Reckoning, reckon, unfinished
from tests.chaos.stack import Stack, a_stack
from tests.conftest import Environment
from tests.workers.events import eventually
from workers.doorbell import QueueDoorbell

NOWHERE = "RANDOM"
"""A worker is ended wherever it is: while it claims, routes, writes or settles."""
PLACES = (CONTENT, NOWHERE, ANSWERED, DATA, RCPT, MAIL, EHLO, GREETING)
DAY = 86_400.0
# The waits of the schedule are cut short; leases last as long as the plan says.
_HURRY = """update delivery set due_at = now() where status in ('PENDING', 'UNCERTAIN') and due_at > now()"""
_HURRY_EVENTS = "update notification set due_at = now() where status = 'PENDING' and due_at > now()"


_UNDER_WAY = """
select d.id, d.status, d.attempts, d.failures, d.losses, d.due_at - now() as due, d.leased_until - now() as lease
from delivery d where d.status in ('PENDING', 'SENDING', 'UNCERTAIN') order by d.id limit 20"""


@dataclass(frozen=True)
class Plan:
    """How much of everything; each is spread over the whole.

    Attributes:
        events: Documents that are delivered.
        kills: SIGKILLs of workers, at each phase in turn.
        stops: SIGTERMs of workers, likewise.
        flushes: FLUSHALLs of Valkey.
        queue_deaths: Valkey killed and started again, with its file and empty in turn.
        queue_freezes: Valkey frozen for some seconds.
        worker_freezes: A worker frozen for longer than its lease.
        database_restarts: PostgreSQL stopped and crashed in turn, and started again.
        clock_jumps: The workers' wall clocks set forward and back.
        lease: Seconds that a worker holds a mail without renewing.
        shuffled: Whether these come in any order; else in this one, so that leases run out meanwhile.
        patience: Seconds after which it is given up.
        workers: Side by side.
        seed: Of everything that is left to chance.
    """

    events: int
    kills: int
    stops: int
    flushes: int
    queue_deaths: int
    queue_freezes: int
    worker_freezes: int
    database_restarts: int
    clock_jumps: int
    lease: int = 15
    patience: float = 240.0
    shuffled: bool = True
    workers: int = 3
    seed: int = 1


@asynccontextmanager
async def hurrying() -> AsyncIterator[None]:
    """Meanwhile, whatever waits for its next try is due at once."""

    async def hurry() -> None:
        while True:
            # Whatever a database that was just killed does to its driver: it is asked again.
            with suppress(Exception):
                async with asyncio.timeout(5):
                    for statement in (_HURRY, _HURRY_EVENTS):
                        await asyncio.create_task(database().execute_query(statement))
            await asyncio.sleep(0.5)

    task = asyncio.create_task(hurry())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


@dataclass
class Ordeal:
    """An ordeal under way."""

    plan: Plan
    stack: Stack
    server: ErraticServer
    load: Load
    done: Counter[str] = field(default_factory=Counter)
    doing: str = "beginning"
    elsewhere: int = 0
    """How many workers were ended at another phase than meant, because no mail came that far in time."""

    async def run(self) -> Reckoning:
        blows = self._blows()
        share = max(1, self.plan.events // max(1, len(blows)))
        async with hurrying():
            for number, blow in enumerate(blows):
                left = self.plan.events - number * share
                events = share if number < len(blows) - 1 else left
                self.doing = f"blow {number + 1} of {len(blows)}, {blow.__qualname__}"
                await asyncio.gather(self.load.deliver(events), blow())
            self.doing = "finishing"
            await eventually(self._finished, within=180)
        return await reckon(self.load.committed, self.server.taken)

    def _blows(self) -> list[Callable[[], Awaitable[None]]]:
        """Every fault of the plan, well mixed."""
        plan = self.plan
        places = [PLACES[number % len(PLACES)] for number in range(plan.kills + plan.stops)]
        endings = [signal.SIGKILL] * plan.kills + [signal.SIGTERM] * plan.stops
        crashes = (signal.SIGINT, signal.SIGQUIT)
        jumps = (DAY, -DAY, 3650 * DAY, -3650 * DAY)
        blows = [
            *(self._ending(number, place) for number, place in zip(endings, places, strict=True)),
            *[self._flush] * plan.flushes,
            *(self._queue_death(empty=number % 2 == 0) for number in range(plan.queue_deaths)),
            *[self._queue_freeze] * plan.queue_freezes,
            *[self._worker_freeze] * plan.worker_freezes,
            *(self._database_restart(crashes[number % len(crashes)]) for number in range(plan.database_restarts)),
            *(self._clock_jump(jumps[number % len(jumps)]) for number in range(plan.clock_jumps)),
        ]
        if plan.shuffled:
            self.load.chance.shuffle(blows)
        return blows

    def _ending(self, number: signal.Signals, phase: str) -> Callable[[], Awaitable[None]]:
        async def end() -> None:
            worker = self.stack.some_worker(self.load.chance)
            hold = None
            if phase == NOWHERE:
                await asyncio.sleep(self.load.chance.random() / 4)
            else:
                hold = self.server.hold(phase)
                if phase in (GREETING, EHLO):
                    # Lines are kept, so that nobody would begin a new one.
                    self.server.hang_up()
                try:
                    await asyncio.wait_for(hold.reached.wait(), 10)
                    worker = self.stack.worker_at(hold.port) or worker
                except TimeoutError:
                    # No mail came that far meanwhile: it is ended wherever it is.
                    self.elsewhere += 1
            worker.running.send_signal(number)
            if hold:
                # Only now does the server go on: one that was told to stop finishes the mail in hand.
                self.server.forget(hold)
            code = await self.stack.replace(worker)
            assert code == (0 if number is signal.SIGTERM else -number), worker.log.read_text()[-2000:]
            self.done[number.name] += 1

        return end

    async def _flush(self) -> None:
        await self.stack.flush_valkey()
        self.done["FLUSHALL"] += 1

    def _queue_death(self, *, empty: bool) -> Callable[[], Awaitable[None]]:
        async def die() -> None:
            await self.stack.kill_valkey(empty=empty)
            await asyncio.sleep(1)
            await self.stack.start_valkey()
            self.done["queue restarted empty" if empty else "queue restarted"] += 1

        return die

    async def _queue_freeze(self) -> None:
        await self.stack.freeze_valkey(3)
        self.done["queue frozen"] += 1

    async def _worker_freeze(self) -> None:
        hold = self.server.hold("CONTENT")
        await hold.reached.wait()
        worker = self.stack.worker_at(hold.port) or self.stack.some_worker(self.load.chance)
        worker.running.send_signal(signal.SIGSTOP)
        hold.released.set()
        await asyncio.sleep(self.plan.lease + 5)
        worker.running.send_signal(signal.SIGCONT)
        self.done["worker frozen"] += 1

    def _database_restart(self, number: signal.Signals) -> Callable[[], Awaitable[None]]:
        async def restart() -> None:
            await self.stack.end_postgres(number)
            await asyncio.sleep(0.5)
            await self.stack.start_postgres()
            self.done["database crashed" if number is signal.SIGQUIT else "database restarted"] += 1

        return restart

    def _clock_jump(self, seconds: float) -> Callable[[], Awaitable[None]]:
        async def jump() -> None:
            jumping_clock.put(self.stack.clock, seconds)
            self.done["clock jump"] += 1

        return jump

    async def state(self) -> str:
        """Where it stands, for whoever must find out why it doesn't go on."""
        try:
            async with asyncio.timeout(5):
                under_way = [str(row) for row in await database().execute_query_dict(_UNDER_WAY)]
        except Exception as error:  # noqa: BLE001  # that is told too
            under_way = [repr(error)]
        logs = [f"{worker.log.name}: {worker.log.read_text().splitlines()[-3:]}" for worker in self.stack.workers]
        return "\n".join((f"{self.doing}, after {dict(self.done)}", *under_way, *logs))

    async def _finished(self) -> bool:
        return await insisting(unfinished) == 0


async def undergo(plan: Plan, folder: Path, environment: Environment) -> tuple[Reckoning, str]:
    """Runs a whole ordeal in a folder; gives the reckoning, and the figures in words."""
    begun = time.monotonic()
    environment.set(MAIL_LEASE_SECONDS=plan.lease)
    async with (
        an_erratic_server(plan.seed) as server,
        a_stack(folder, environment, plan.workers, server.port) as stack,
    ):
        bell = QueueDoorbell(stack.valkey.url())
        install_doorbell(bell)
        try:
            load = Load(random.Random(plan.seed))  # noqa: S311  # repeatable, no secret
            await load.prepare(6)
            ordeal = Ordeal(plan, stack, server, load)
            try:
                async with asyncio.timeout(plan.patience):
                    found = await ordeal.run()
            except BaseException as error:
                error.add_note(await ordeal.state())
                raise
        finally:
            install_doorbell(None)
            await bell.close()
    return found, figures(found, ordeal, time.monotonic() - begun)


def figures(found: Reckoning, ordeal: Ordeal, seconds: float) -> str:
    """What happened and what came of it, in lines."""
    blows = ", ".join(f"{number} {name}" for name, number in ordeal.done.items())
    statuses = ", ".join(f"{number} {status}" for status, number in sorted(found.statuses.items()))
    return (
        f"{found.mails} mails of {len(ordeal.load.committed)} events in {seconds:.0f} s: {statuses}.\n"
        f"{blows} ({ordeal.elsewhere} workers ended elsewhere than meant); {ordeal.server.faults} faults of the mail"
        " server.\n"
        f"{found.second_routings} second routings; {found.copies} extra copies, each told by its row;"
        f" {ordeal.load.undone} mutations undone.\n"
        f"Lost {found.lost + found.forgotten}, strangers {found.strangers}, unexplained copies {found.unexplained},"
        f" mails of what was undone {found.undone}, routings not followed or for nothing {found.unfollowed}.\n"
    )
