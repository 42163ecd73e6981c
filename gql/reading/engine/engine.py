"""The reading engine: answers a whole operation with one statement, or leaves it to the ordinary executor."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import asyncpg
import orjson
import structlog
from graphql.execution.values import VariableValues
from strawberry import Schema

from domain.actor import Actor
from domain.database.read_queries import RowQuery
from domain.standing import Standing
from gql.reading.engine.cache_entries import PlanEntry
from gql.reading.engine.fallback import EngineCounters, Fallback
from gql.reading.engine.plan_cache import PlanCache
from gql.reading.engine.planner import ROW
from gql.reading.engine.requests import EngineRequest, EngineResult, PreparedPlan, RowRequest
from gql.reading.faults import BadArgument

log = structlog.get_logger()

CANCELLATIONS: Final = (TimeoutError, asyncio.CancelledError, asyncpg.QueryCanceledError)
"""Cancellations aren't retried by the ordinary executor, which would take even longer."""

CONNECTION_ERRORS: Final = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)
"""The database was unreachable: not the plan's fault."""


class Engine:
    """Executes operations for everyone; caches plans, and nothing about anyone.

    Args:
        schema: The schema.

    Attributes:
        counters: The number of operations that it answered, and that it left to the ordinary executor.
        core: The schema, as graphql-core knows it.
    """

    def __init__(self, schema: Schema) -> None:
        self._plans = PlanCache(schema)
        self.core = self._plans.core
        self.counters = EngineCounters()

    async def read(self, pool: Any, request: EngineRequest) -> EngineResult:
        """The result of an operation, or the reason why the ordinary executor must execute it.

        Args:
            pool: Connections to read through; None leaves everything to the ordinary executor.
            request: The operation.

        Raises:
            TimeoutError: It took too long.
            QueryCanceledError: PostgreSQL cancelled the statement, because it took too long.
        """
        try:
            data, _ = await self.execute(pool, self.prepare(pool, request))
            return EngineResult(data, None)
        except Fallback as fallback:
            self.counters.count_fallback(fallback.reason)
            return EngineResult(None, fallback.reason)

    def prepare(self, pool: Any, request: EngineRequest) -> PreparedPlan:
        """The plan of an operation, with the values of its arguments.

        Raises:
            Fallback: The ordinary executor must execute it.
        """
        find = partial(self._plans.find, request.cache_key, request.document, request.variables, request.standing)
        return self._prepare(pool, request.actor, request.standing, find)

    async def read_row(
        self,
        pool: Any,
        request: RowRequest,
        variables: VariableValues,
        actor: Actor,
        standing: Standing,
        row_query: RowQuery | None = None,
    ) -> tuple[bytes | None, Any]:
        """The JSON of a selection on one row that the actor may see; None if the ordinary executor must read it.

        Args:
            pool: As for `read`.
            request: The selection.
            variables: The operation's variables.
            actor: The viewer.
            standing: The facts about the actor.
            row_query: As for `execute`.

        Returns:
            The JSON; and a row with the columns of `row_query`, None where nothing was read.

        Raises:
            TimeoutError: It took too long.
            QueryCanceledError: PostgreSQL cancelled the statement, because it took too long.
        """
        try:
            find = partial(self._plans.find_row, request, variables, standing)
            data, row = await self._execute(pool, self._prepare(pool, actor, standing, find), row_query)
        except Fallback as fallback:
            self.counters.count_fallback(fallback.reason)
            return None, None
        return None if data[ROW] is None else orjson.dumps(data[ROW]), row

    @staticmethod
    def _prepare(
        pool: Any, actor: Actor, standing: Standing, find: Callable[[], tuple[PlanEntry, list[Any]]]
    ) -> PreparedPlan:
        if pool is None:
            raise Fallback("switched off by the settings")
        if not actor.signed_in:
            raise Fallback("nobody signed in")
        try:
            return PreparedPlan(*find(), actor, standing)
        except Fallback:
            raise
        except BadArgument:
            raise Fallback("arguments") from None
        except Exception as failure:  # whatever it is, the ordinary executor answers, or reports it
            log.warning("plan_not_made", exc_info=failure)
            raise Fallback(f"not planned: {type(failure).__name__}") from failure

    async def execute(self, pool: Any, prepared: PreparedPlan, row_query: RowQuery | None = None) -> tuple[bytes, Any]:
        """The JSON of the response's `data`, and a row with the columns of `row_query`.

        Args:
            pool: As for `read`.
            prepared: The plan, its argument values, and whom it is executed for.
            row_query: Another query, joined to the plan's statement: both results come from one snapshot.

        Raises:
            Fallback: The ordinary executor must execute it.
            TimeoutError: It took too long.
            QueryCanceledError: PostgreSQL cancelled the statement, because it took too long.
        """
        data, row = await self._execute(pool, prepared, row_query)
        return orjson.dumps(data), row

    async def _execute(self, pool: Any, prepared: PreparedPlan, row_query: RowQuery | None) -> tuple[Any, Any]:
        plan, values = prepared.entry.plan, prepared.argument_values
        statement, parameters = plan.statement, plan.parameters(prepared.standing, values)
        if row_query is not None:
            statement = plan.statement_joined_with(row_query.sql)
            parameters = [*parameters, *row_query.parameters]
        try:
            row = await pool.fetchrow(statement, *parameters)
            data = plan.build(row, values, prepared.actor)
        except CANCELLATIONS:
            raise
        except CONNECTION_ERRORS:
            raise Fallback("no connection") from None
        except Exception as failure:  # as above
            raise self._record_failure(prepared.entry, failure) from failure
        self.counters.answered += 1
        return data, row

    @staticmethod
    def _record_failure(entry: PlanEntry, failure: Exception) -> Fallback:
        entry.failures += 1
        log.warning("plan_failed", failures=entry.failures, failure=type(failure).__name__)
        return Fallback(f"failed: {type(failure).__name__}")
