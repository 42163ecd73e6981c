"""Operations that were asked before and found good: answered without finding all of that out once more.

The ordinary way of an operation through the schema parses it, weighs it, validates it and has the reading engine or the
executor answer it, each step in an extension that is made anew for every request. What comes of the steps is the same
every time, but for who asks and the variables: the rest is kept.
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
from gql.operations.known import KnownOperations, OperationRequest, Recognised
from gql.operations.observation import observed
from gql.reading.engine.engine import Engine
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.requests import EngineRequest, PreparedPlan


@dataclass(frozen=True)
class _PlannedQuery:
    """A query that the engine is to answer, and how."""

    asked: EngineRequest
    prepared: PreparedPlan


class Familiar:
    """Answers queries that the engine answered, and mutations, when they come again.

    Args:
        engine: The engine.
        executor: Carries mutations out, and answers queries at which the engine fails.
    """

    def __init__(self, engine: Engine, executor: type[Executor[Any]]) -> None:
        self._engine = engine
        self._executor = executor
        self._known = KnownOperations(engine.core)
        self.remember = self._known.remember

    async def answer(self, request: OperationRequest, context: Context) -> ExecutionResult | None:
        """The answer; None when the ordinary way must find it, or word what is wrong.

        Raises:
            QueryCanceledError: PostgreSQL stopped it, because it took too long.
        """
        try:
            recognised = await self._known.recognised(request, context)
            if recognised is None:
                return None
            query = None if recognised.known.acts else await self._planned(recognised, context)
        except (GraphQLError, Fallback):
            return None
        # From here on there is no other way: what is taken from the budget, or done, is so once.
        OPERATION_COST.observe(recognised.objects)
        with observed(recognised.known.node) as observation:
            result = await self._answered(recognised, query, context)
            observation.done(result.errors)
        return result

    async def _planned(self, recognised: Recognised, context: Context) -> _PlannedQuery:
        """What the engine reads for a query, with its plan."""
        request, known = recognised.request, recognised.known
        asked = EngineRequest(
            known.text,
            known.document,
            request.operation,
            request.variables,
            context.actor,
            await context.loaders.standing(),
            context.language,
        )
        return _PlannedQuery(asked, self._engine.prepare(read_pool(), asked))

    async def _answered(self, recognised: Recognised, query: _PlannedQuery | None, context: Context) -> ExecutionResult:
        """The answer, if the viewer's budget has room for it."""
        try:
            await spend_budget(context, recognised.objects, recognised.allowance)
        except GraphQLError as refusal:
            return PreExecutionError(None, [refusal], cost_extension(recognised.objects, recognised.allowance))
        if query is None:
            return await self._executed(recognised, context, recognised.known.node.operation.value)
        try:
            data = orjson.Fragment(await self._read(query, context))
        except Fallback as fallback:
            await context.revalidate_actor()
            return await self._executed(recognised, context, fallback.reason)
        # The body is written by orjson, which takes JSON as it is.
        return ExecutionResult(data, None, recognised.extensions(None))  # type: ignore[arg-type]

    async def _read(self, query: _PlannedQuery, context: Context) -> bytes:
        """The JSON of the data; read again where somebody else turns out to ask, or the same with other facts."""
        pool, session = read_pool(), context.cached_session
        data, found = await self._engine.execute(pool, query.prepared, session.query if session else None)
        if not await context.revalidate_actor(found):
            again = replace(query.asked, actor=context.actor, standing=await context.loaders.standing())
            data, _ = await self._engine.execute(pool, self._engine.prepare(pool, again))
        return data

    async def _executed(self, recognised: Recognised, context: Context, fallback: str) -> ExecutionResult:
        """What the executor answers; `fallback` says why the engine doesn't."""
        request, known = recognised.request, recognised.known
        context.is_mutation = known.acts
        self._engine.counters.count_fallback(fallback)
        result = execute(
            self._engine.core,
            known.document,
            context_value=context,
            variable_values=request.variables,
            operation_name=request.operation,
            executor_class=self._executor,
        )
        done = await result if isawaitable(result) else result
        return ExecutionResult(done.data, done.errors, recognised.extensions(fallback))
