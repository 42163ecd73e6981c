"""The fast path: executes cached operations without the steps whose results are cached.

On the ordinary path, extensions of the schema, created for each request, parse the operation, validate it, compute its
cost, and have the reading engine or the executor execute it. Whatever of this doesn't depend on the actor and the
variables is the same for every request.
"""

from dataclasses import dataclass, replace
from inspect import isawaitable
from typing import Any

import orjson
from graphql import GraphQLError, execute
from graphql.execution import Executor
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from domain.database.read_queries import read_pool
from gql.context import Context
from gql.limits.extension import cost_extension, spend_budget
from gql.metrics import OPERATION_COST
from gql.operations.observation import observe
from gql.operations.operation_cache import CacheHit, OperationCache, OperationRequest
from gql.reading.engine.engine import Engine
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.requests import EngineRequest, PreparedPlan


@dataclass(frozen=True)
class _PreparedQuery:
    """A query that the engine will execute, and its plan."""

    request: EngineRequest
    plan: PreparedPlan


class FastPath:
    """Executes queries that the engine answered before, and mutations that were found valid before.

    Args:
        engine: The engine.
        executor: Executes mutations, and queries for which the engine fails.
    """

    def __init__(self, engine: Engine, executor: type[Executor[Any]]) -> None:
        self._engine = engine
        self._executor = executor
        self._cache = OperationCache(engine.core)
        self.cache_operation = self._cache.add

    async def execute(self, request: OperationRequest, context: Context) -> ExecutionResult | None:
        """The result; None if the ordinary path must execute the operation, or report what is wrong.

        Raises:
            QueryCanceledError: PostgreSQL cancelled a statement, because it took too long.
        """
        try:
            hit = await self._cache.look_up(request, context)
            if hit is None:
                return None
            query = None if hit.operation.is_mutation else await self._prepare(hit, context)
        except (GraphQLError, Fallback):
            return None
        # From here on the operation isn't left to the ordinary path: it is charged and executed only once.
        OPERATION_COST.observe(hit.cost)
        with observe(hit.operation.node) as observation:
            result = await self._execute(hit, query, context)
            observation.finish(result.errors)
        return result

    async def _prepare(self, hit: CacheHit, context: Context) -> _PreparedQuery:
        """The query with its plan."""
        request = EngineRequest(
            hit.operation.query,
            hit.operation.document,
            hit.request.operation_name,
            hit.request.variables,
            context.actor,
            await context.loaders.standing(),
            context.language,
        )
        return _PreparedQuery(request, self._engine.prepare(read_pool(), request))

    async def _execute(self, hit: CacheHit, query: _PreparedQuery | None, context: Context) -> ExecutionResult:
        """The result, if the viewer's budget has room for it."""
        try:
            await spend_budget(context, hit.cost, hit.allowance)
        except GraphQLError as fault:
            return PreExecutionError(None, [fault], cost_extension(hit.cost, hit.allowance))
        if query is None:
            return await self._execute_by_executor(hit, context, hit.operation.node.operation.value)
        try:
            data = orjson.Fragment(await self._execute_by_engine(query, context))
        except Fallback as fallback:
            await context.revalidate_actor()
            return await self._execute_by_executor(hit, context, fallback.reason)
        # The body is written by orjson, which takes JSON as it is.
        return ExecutionResult(data, None, hit.response_extensions(None))  # type: ignore[arg-type]

    async def _execute_by_engine(self, query: _PreparedQuery, context: Context) -> bytes:
        """The JSON of the data; read again if the actor or their facts differ from those of the cached session."""
        pool, session = read_pool(), context.cached_session
        data, row = await self._engine.execute(pool, query.plan, session.query if session else None)
        if not await context.revalidate_actor(row):
            request = replace(query.request, actor=context.actor, standing=await context.loaders.standing())
            data, _ = await self._engine.execute(pool, self._engine.prepare(pool, request))
        return data

    async def _execute_by_executor(self, hit: CacheHit, context: Context, fallback: str) -> ExecutionResult:
        """The executor's result; `fallback` says why the engine has none."""
        context.is_mutation = hit.operation.is_mutation
        self._engine.counters.count_fallback(fallback)
        executed = execute(
            self._engine.core,
            hit.operation.document,
            context_value=context,
            variable_values=hit.request.variables,
            operation_name=hit.request.operation_name,
            executor_class=self._executor,
        )
        result = await executed if isawaitable(executed) else executed
        return ExecutionResult(result.data, result.errors, hit.response_extensions(fallback))
