"""Operations that were asked before and found good: answered without finding all of that out once more.

The ordinary way of an operation through the schema parses it, weighs it, validates it and has the reading engine or the
executor answer it, each step in an extension that is made anew for every request. What comes of the steps is the same
every time, but for who asks and the variables: the rest is kept.
"""

from dataclasses import replace
from inspect import isawaitable
from typing import Any

import orjson
from graphql import GraphQLError, execute
from graphql.execution import Executor
from strawberry.types import ExecutionResult

from domain.database.reading import reading
from gql.context import Context
from gql.limits.extension import take_from_budget
from gql.metrics import OBJECTS
from gql.operations.known import KnownOperations, OperationRequest, Recognised
from gql.operations.observed import observed
from gql.reading.fallback import NotCompiled
from gql.reading.run import AskedOperation, Engine, Prepared


class Familiar:
    """Answers queries that the engine answered, and mutations, when they come again.

    Args:
        engine: The engine.
        executor: Carries mutations out.
    """

    def __init__(self, engine: Engine, executor: type[Executor[Any]]) -> None:
        self._engine = engine
        self._executor = executor
        self._known = KnownOperations(engine.core)
        self.remember = self._known.remember

    async def answer(self, request: OperationRequest, context: Context) -> ExecutionResult | None:
        """The answer; None when the ordinary way must find it, or word what is wrong.

        Raises:
            TimeoutError: It took too long.
            QueryCanceledError: Likewise, by PostgreSQL's clock.
        """
        try:
            recognised = await self._known.recognised(request, context)
            if recognised is None:
                return None
            if not recognised.known.acts:
                return await self._answered(recognised, context)
            await take_from_budget(context, recognised.objects, recognised.allowance)
        except (GraphQLError, NotCompiled):
            return None
        # From here on there is no other way: what was done must not be done again.
        return await self._carried_out(recognised, context)

    async def _answered(self, recognised: Recognised, context: Context) -> ExecutionResult:
        """The engine's answer to a query."""
        request, known = recognised.request, recognised.known
        asked = AskedOperation(
            known.text,
            known.document,
            request.operation,
            request.variables,
            context.actor,
            await context.loaders.standing(),
            context.language,
        )
        prepared = self._engine.prepare(reading(), asked)
        await take_from_budget(context, recognised.objects, recognised.allowance)
        with observed(known.node) as observation:
            data = orjson.Fragment(await self._read(asked, prepared, context))
            observation.done(None)
        OBJECTS.observe(recognised.objects)
        # The body is written by orjson, which takes JSON as it is.
        return ExecutionResult(data=data, errors=None, extensions=recognised.told(None))  # type: ignore[arg-type]

    async def _read(self, asked: AskedOperation, prepared: Prepared, context: Context) -> bytes:
        """The JSON of the data; read again where somebody else turns out to ask, or the same with other facts."""
        pool, presumed = reading(), context.presumed
        data, found = await self._engine.run(pool, prepared, presumed.question if presumed else None)
        if not await context.settle(found):
            again = replace(asked, actor=context.actor, standing=await context.loaders.standing())
            data, _ = await self._engine.run(pool, self._engine.prepare(pool, again))
        return data

    async def _carried_out(self, recognised: Recognised, context: Context) -> ExecutionResult:
        """What the executor answers to a mutation."""
        request, known = recognised.request, recognised.known
        context.acts = True
        OBJECTS.observe(recognised.objects)
        fallback = known.node.operation.value
        self._engine.fallbacks.count(fallback)
        with observed(known.node) as observation:
            result = execute(
                self._engine.core,
                known.document,
                context_value=context,
                variable_values=request.variables,
                operation_name=request.operation,
                executor_class=self._executor,
            )
            done = await result if isawaitable(result) else result
            observation.done(done.errors)
        return ExecutionResult(data=done.data, errors=done.errors, extensions=recognised.told(fallback))
