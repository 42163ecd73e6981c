"""Questions in the same words that are asked in the same moment, put to PostgreSQL as one statement.

Most of what a small question takes is a message there and back and the start of its plan, which several have in common
then. Nobody waits for company: what is asked in one turn of the loop goes together, and who is alone asks as ever.
Each gets the row of its own values, and where something goes wrong, each is asked by itself.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from cachetools import LRUCache

from domain.database.reading_pool import ReadingPool
from domain.database.several import Several, Values

log = structlog.get_logger()

MOST: Final = 16
"""How many questions go together at most."""
SHORT: Final = 0.005
"""Seconds that a question takes at most that goes with others: longer ones are answered sooner side by side."""
STATEMENTS: Final = 1_024
"""How many statements are remembered."""
FORGETTING: Final = 1.05
"""By how much the least time that a statement takes is believed to grow each time that it takes longer."""


@dataclass
class _Known:
    """What is known of a statement.

    Attributes:
        several: The one in its place for several sets of values; None before it was needed.
        seconds: The least that a question took lately: how long others take depends on what else goes on.
    """

    several: Several | None = None
    seconds: float = 0.0

    def took(self, seconds: float) -> None:
        """Takes note of what a question took."""
        self.seconds = min(seconds, self.seconds * FORGETTING or seconds)


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
        self._gathered: dict[str, list[_Asked]] = {}
        self._known: LRUCache[str, _Known] = LRUCache(STATEMENTS)
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
        question = _Asked(values, asyncio.get_running_loop().create_future())
        self._gather(statement, question)
        try:
            return await question.answer
        except asyncio.CancelledError:
            await self._given_up(question)
            raise

    async def close(self) -> None:
        """Closes the connections, when they have answered."""
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self._pool.close()

    def _gather(self, statement: str, question: _Asked) -> None:
        """Has a question wait for the rest of this turn of the loop, unless it had better go now."""
        gathered = self._gathered.get(statement)
        if gathered is None:
            gathered = self._gathered[statement] = []
            asyncio.get_running_loop().call_soon(self._send, statement, gathered)
        gathered.append(question)
        known = self._known.get(statement)
        if len(gathered) == MOST or (known and known.seconds > SHORT):
            self._send(statement, gathered)

    def _send(self, statement: str, gathered: list[_Asked]) -> None:
        """Asks what was gathered, if that wasn't done before."""
        if self._gathered.get(statement) is gathered:
            del self._gathered[statement]
            self._ask(statement, gathered)

    def _ask(self, statement: str, questions: list[_Asked]) -> None:
        """Asks together what somebody waits for yet."""
        waiting = [question for question in questions if not question.answer.done()]
        if waiting:
            task = asyncio.create_task(self._answer(statement, waiting))
            self._under_way[task] = waiting
            task.add_done_callback(self._under_way.pop)
            for question in waiting:
                question.task = task

    async def _answer(self, statement: str, questions: list[_Asked]) -> None:
        loop, known = asyncio.get_running_loop(), self._known.setdefault(statement, _Known())
        started = loop.time()
        self.statements += 1
        try:
            rows = await self._rows(statement, known, [question.values for question in questions])
        except Exception as failure:  # noqa: BLE001  # whatever it is, whoever asked is told
            self._failed(statement, questions, failure)
            return
        known.took((loop.time() - started) / len(questions))
        for question, row in zip(questions, rows, strict=True):
            if not question.answer.done():
                question.answer.set_result(row)

    def _failed(self, statement: str, questions: list[_Asked], failure: Exception) -> None:
        """Tells the one who asked alone; of several, nobody knows whose values it was."""
        if len(questions) > 1:
            log.warning("questions_failed_together", questions=len(questions), failure=type(failure).__name__)
            for question in questions:
                self._ask(statement, [question])
        elif not questions[0].answer.done():
            questions[0].answer.set_exception(failure)

    async def _rows(self, statement: str, known: _Known, sets: Sequence[Values]) -> Sequence[Any]:
        """The first row for each set of values, or None without one."""
        if len(sets) == 1:
            return [await self._pool.fetchrow(statement, *sets[0])]
        if known.several is None:
            known.several = Several.of(statement, await self._pool.parameters(statement))
        rows: list[Any] = [None] * len(sets)
        for row in await self._pool.fetch(known.several.text, *known.several.values(sets)):
            rows[row[-1]] = row
        return rows

    async def _given_up(self, question: _Asked) -> None:
        """Has PostgreSQL stop when nobody waits any longer, and waits until the connection is of use to others."""
        task = question.task
        if task and all(other.answer.done() for other in self._under_way.get(task, ())):
            if not task.cancelling():
                task.cancel()
            await asyncio.wait([task])
