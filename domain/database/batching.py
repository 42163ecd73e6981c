"""Questions in the same words that are asked in the same moment, put to PostgreSQL as one statement.

Most of what a small question takes is a message there and back and the start of its plan, which several have in common
then. Nobody waits for company: what is asked in one turn of the loop goes together, and who is alone asks as ever.
Each gets the row of its own values, and where something goes wrong, each is asked by itself.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

import structlog
from cachetools import LRUCache

from domain.database.reading_pool import ReadingPool
from domain.database.several import Several, Values

log = structlog.get_logger()

MOST: Final = 16
"""How many questions go together at most."""
SHORT: Final = 0.003
"""Seconds that a question takes at most that goes with others: longer ones are answered sooner side by side."""
STATEMENTS: Final = 1_024
"""How many statements are remembered."""
FORGETTING: Final = 1.05
"""By how much the least time that a statement takes is believed to grow each time that it takes longer."""


@dataclass
class _Asked:
    """What a statement is asked with, and where the answer goes.

    Attributes:
        values: Of its parameters.
        answer: The first row, or None without one.
        task: Finds the answer, from when it is asked for.
    """

    values: Values
    answer: "asyncio.Future[Any]"
    task: "asyncio.Task[None] | None" = None


@dataclass
class _Words:
    """A statement that was asked lately.

    Attributes:
        statement: The SQL.
        gathered: What is asked in this turn of the loop.
        several: The statement in its place for several sets of values; None before it was needed.
        seconds: The least that a question took lately: how long others take depends on what else goes on.
    """

    statement: str
    gathered: list[_Asked] = field(default_factory=list)
    several: Several | None = None
    seconds: float = 0.0

    def took(self, seconds: float) -> None:
        """Takes note of what a question took."""
        self.seconds = min(seconds, self.seconds * FORGETTING or seconds)


class BatchingPool:
    """Asks by connections for reading what was asked in one moment.

    Args:
        pool: The connections.

    Attributes:
        questions: How many were asked, since the program started.
        statements: How many statements that took.
    """

    def __init__(self, pool: ReadingPool) -> None:
        self._pool = pool
        self._words: LRUCache[str, _Words] = LRUCache(STATEMENTS)
        self._under_way: dict[asyncio.Task[None], list[_Asked]] = {}
        self.questions = self.statements = 0
        self.get_size, self.get_idle_size, self.get_max_size = pool.get_size, pool.get_idle_size, pool.get_max_size

    async def fetchrow(self, statement: str, *values: Any) -> Any:
        """The first row, or None without one; behind its columns may stand one more.

        Args:
            statement: It changes nothing, and needs no transaction.
            values: Of its parameters.
        """
        self.questions += 1
        words = self._words.get(statement) or self._words.setdefault(statement, _Words(statement))
        if words.seconds > SHORT:
            return await self._alone(words, values)
        asked, gathered = _Asked(values, asyncio.get_running_loop().create_future()), words.gathered
        gathered.append(asked)
        if len(gathered) == MOST:
            words.gathered = []
        if gathered[0] is asked:
            await self._gather(words, asked)
            if len(gathered) == 1:
                return await self._alone(words, values)
        return await self._answered(asked)

    async def close(self) -> None:
        """Closes the connections, when they have answered."""
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self._pool.close()

    async def _gather(self, words: _Words, first: _Asked) -> None:
        """Waits for the rest of this turn of the loop, and asks what others asked in it together with the first."""
        gathered = words.gathered
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            first.answer.cancel()
            raise
        finally:
            if words.gathered is gathered:
                words.gathered = []
            if len(gathered) > 1:
                self._ask(words, gathered)

    async def _alone(self, words: _Words, values: Values) -> Any:
        """The answer to one question, by the statement itself."""
        started = monotonic()
        self.statements += 1
        row = await self._pool.fetchrow(words.statement, *values)
        words.took(monotonic() - started)
        return row

    def _ask(self, words: _Words, gathered: list[_Asked]) -> None:
        """Asks together what somebody waits for yet."""
        waiting = [asked for asked in gathered if not asked.answer.done()]
        if waiting:
            task = asyncio.create_task(self._answer(words, waiting))
            self._under_way[task] = waiting
            task.add_done_callback(self._under_way.pop)
            for asked in waiting:
                asked.task = task

    async def _answer(self, words: _Words, waiting: list[_Asked]) -> None:
        try:
            rows = await self._rows(words, [asked.values for asked in waiting])
        except Exception as failure:  # noqa: BLE001  # whatever it is, whoever asked is told
            self._failed(words, waiting, failure)
            return
        for asked, row in zip(waiting, rows, strict=True):
            if not asked.answer.done():
                asked.answer.set_result(row)

    def _failed(self, words: _Words, waiting: list[_Asked], failure: Exception) -> None:
        """Tells the one who asked alone; of several, nobody knows whose values it was."""
        if len(waiting) > 1:
            log.warning("questions_failed_together", questions=len(waiting), failure=type(failure).__name__)
            for asked in waiting:
                self._ask(words, [asked])
        elif not waiting[0].answer.done():
            waiting[0].answer.set_exception(failure)

    async def _rows(self, words: _Words, sets: Sequence[Values]) -> Sequence[Any]:
        """The first row for each set of values, or None without one."""
        if len(sets) == 1:
            return [await self._alone(words, sets[0])]
        if words.several is None:
            words.several = Several.of(words.statement, await self._pool.parameters(words.statement))
        started = monotonic()
        self.statements += 1
        rows: list[Any] = [None] * len(sets)
        for row in await self._pool.fetch(words.several.text, *words.several.values(sets)):
            rows[row[-1]] = row
        words.took((monotonic() - started) / len(sets))
        return rows

    async def _answered(self, asked: _Asked) -> Any:
        """The answer, when it is there; when nobody waits any longer, PostgreSQL stops."""
        try:
            return await asked.answer
        except asyncio.CancelledError:
            task = asked.task
            if task and all(other.answer.done() for other in self._under_way.get(task, ())):
                if not task.cancelling():
                    task.cancel()
                # Until the connection is of use to others.
                await asyncio.wait([task])
            raise
