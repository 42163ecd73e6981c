"""A connection pool that runs the same statement, executed several times in one moment, as one batch.

The time of a small query is mostly the round trip and the start of its plan, which a batch pays once. No query waits
for a batch to fill: the queries of one iteration of the event loop form a batch, and a single query runs unbatched.
Each query gets the row for its own parameters. If a batch fails, its queries are run one by one.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

import structlog
from cachetools import LRUCache

from domain.database.batched_statement import BatchedStatement, Parameters
from domain.database.read_only_pool import ReadOnlyPool

log = structlog.get_logger()

MAX_BATCH_SIZE: Final = 16
"""The maximum number of queries in a batch."""
MAX_DURATION: Final = 0.003
"""Seconds; statements with a longer estimated duration aren't batched, since several connections are faster."""
TRACKED_STATEMENTS: Final = 1_024
"""The maximum number of statements whose batches and durations are tracked."""
DURATION_GROWTH: Final = 1.05
"""The maximum factor by which the estimated duration of a statement grows with each slower query."""


@dataclass
class _PendingQuery:
    """A query that waits for its row.

    Attributes:
        parameters: The values of its parameters.
        row: The first row, or None without one.
        task: Runs its batch, once that has begun.
    """

    parameters: Parameters
    row: "asyncio.Future[Any]"
    task: "asyncio.Task[None] | None" = None


@dataclass
class _TrackedStatement:
    """A statement that was executed lately.

    Attributes:
        sql: Its text.
        batch: The queries that are pending in this iteration of the event loop.
        batched: The statement that runs several queries at once; None until it is needed.
        duration: The estimated seconds of one query: the minimum of late, since longer measurements include waiting for
            other queries of the server.
    """

    sql: str
    batch: list[_PendingQuery] = field(default_factory=list)
    batched: BatchedStatement | None = None
    duration: float = 0.0

    def record_duration(self, seconds: float) -> None:
        """Updates the estimate with the seconds that a query took."""
        self.duration = min(seconds, self.duration * DURATION_GROWTH or seconds)


class BatchingPool:
    """A pool of read-only connections that batches its queries.

    Args:
        pool: The connections.

    Attributes:
        queries: The number of queries so far.
        statements: The number of statements executed for them.
    """

    def __init__(self, pool: ReadOnlyPool) -> None:
        self._pool = pool
        self._tracked: LRUCache[str, _TrackedStatement] = LRUCache(TRACKED_STATEMENTS)
        self._in_flight: dict[asyncio.Task[None], list[_PendingQuery]] = {}
        self.queries = self.statements = 0
        self.get_size, self.get_idle_size, self.get_max_size = pool.get_size, pool.get_idle_size, pool.get_max_size

    async def fetchrow(self, sql: str, *parameters: Any) -> Any:
        """The first row, or None; a row from a batch has an additional last column.

        Args:
            sql: A statement that changes nothing and needs no transaction.
            parameters: The values of its parameters.
        """
        self.queries += 1
        statement = self._tracked.get(sql) or self._tracked.setdefault(sql, _TrackedStatement(sql))
        if statement.duration > MAX_DURATION:
            return await self._fetch_unbatched(statement, parameters)
        query, batch = _PendingQuery(parameters, asyncio.get_running_loop().create_future()), statement.batch
        batch.append(query)
        if len(batch) == MAX_BATCH_SIZE:
            statement.batch = []
        if batch[0] is query:
            await self._collect_batch(statement, query)
            if len(batch) == 1:
                return await self._fetch_unbatched(statement, parameters)
        return await self._wait_for_row(query)

    async def close(self) -> None:
        """Closes the connections once the batches in flight are done."""
        if self._in_flight:
            await asyncio.wait(self._in_flight)
        await self._pool.close()

    async def _collect_batch(self, statement: _TrackedStatement, first: _PendingQuery) -> None:
        """Waits for the rest of this iteration of the event loop, and starts the batch if it has several queries."""
        batch = statement.batch
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            first.row.cancel()
            raise
        finally:
            if statement.batch is batch:
                statement.batch = []
            if len(batch) > 1:
                self._start_batch(statement, batch)

    async def _fetch_unbatched(self, statement: _TrackedStatement, parameters: Parameters) -> Any:
        """The row of a query that runs by itself."""
        started = monotonic()
        self.statements += 1
        row = await self._pool.fetchrow(statement.sql, *parameters)
        statement.record_duration(monotonic() - started)
        return row

    def _start_batch(self, statement: _TrackedStatement, batch: list[_PendingQuery]) -> None:
        """Runs the queries whose callers still wait in a task of their own."""
        pending = [query for query in batch if not query.row.done()]
        if pending:
            task = asyncio.create_task(self._run_batch(statement, pending))
            self._in_flight[task] = pending
            task.add_done_callback(self._in_flight.pop)
            for query in pending:
                query.task = task

    async def _run_batch(self, statement: _TrackedStatement, pending: list[_PendingQuery]) -> None:
        try:
            rows = await self._fetch_batch(statement, [query.parameters for query in pending])
        except Exception as error:  # noqa: BLE001  # it is passed on to the callers
            self._handle_failure(statement, pending, error)
            return
        for query, row in zip(pending, rows, strict=True):
            if not query.row.done():
                query.row.set_result(row)

    def _handle_failure(self, statement: _TrackedStatement, pending: list[_PendingQuery], error: Exception) -> None:
        """Passes the error of a single query to its caller; of several, any may have caused it, so each runs again."""
        if len(pending) > 1:
            log.warning("questions_failed_together", questions=len(pending), failure=type(error).__name__)
            for query in pending:
                self._start_batch(statement, [query])
        elif not pending[0].row.done():
            pending[0].row.set_exception(error)

    async def _fetch_batch(self, statement: _TrackedStatement, parameter_sets: Sequence[Parameters]) -> Sequence[Any]:
        """The first row for each set of parameters, or None."""
        if len(parameter_sets) == 1:
            return [await self._fetch_unbatched(statement, parameter_sets[0])]
        if statement.batched is None:
            types = await self._pool.get_parameters(statement.sql)
            statement.batched = BatchedStatement.from_statement(statement.sql, types)
        started = monotonic()
        self.statements += 1
        rows: list[Any] = [None] * len(parameter_sets)
        for row in await self._pool.fetch(statement.batched.sql, *statement.batched.parameters(parameter_sets)):
            rows[row[-1]] = row
        statement.record_duration((monotonic() - started) / len(parameter_sets))
        return rows

    async def _wait_for_row(self, query: _PendingQuery) -> Any:
        """The row of a query; when all queries of a batch are cancelled, the batch is cancelled too."""
        try:
            return await query.row
        except asyncio.CancelledError:
            task = query.task
            if task and all(each.row.done() for each in self._in_flight.get(task, ())):
                if not task.cancelling():
                    task.cancel()
                # The cancellation is complete when the connection can be used again.
                await asyncio.wait([task])
            raise
