"""Operations that were asked before and found good: answered without finding all of that out once more.

The ordinary way of an operation through the schema parses it, weighs it, validates it and has the reading engine answer
it, each step in an extension that is made anew for every request. What comes of the steps is the same every time, but
for who asks and the variables: the rest is kept here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson
from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, get_operation_ast
from strawberry.types import ExecutionResult

from domain.reading import reading
from gql.context import Context
from gql.documents.extension import meant
from gql.documents.naming import named
from gql.limits.allowance import Allowance, allowance_of
from gql.limits.cost import Price
from gql.limits.extension import take_from_budget, told_cost
from gql.limits.variables import check_variables
from gql.metrics import OBJECTS
from gql.observed import observed
from gql.reading.engaged import told_reading
from gql.reading.fallback import NotCompiled
from gql.reading.latest import Latest
from gql.reading.run import Asked, Engine, Prepared

MOST: Final = 256
"""How many operations are kept."""


@dataclass(frozen=True)
class Request:
    """What a client asks.

    Attributes:
        text: The document, if its text came along.
        operation: The name of the operation meant, where there are several; as it came, which may be anything.
        variables: The variables as they came.
        extensions: What else came along.
    """

    text: str | None
    operation: Any
    variables: Mapping[str, Any] | None
    extensions: Mapping[str, Any] | None


@dataclass(frozen=True)
class _Operation:
    document: DocumentNode
    node: OperationDefinitionNode
    price: Price
    good_for: set[Allowance] = field(default_factory=set)


class Familiar:
    """Keeps queries that the engine answered, and answers them again.

    Args:
        engine: The engine.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: Latest[tuple[str, str | None], _Operation] = Latest(MOST)

    def remember(self, asked: Asked, context: Context) -> None:
        """Keeps an operation that was found valid, of a shape that is allowed, and was answered by the engine."""
        key = (asked.query, asked.operation)
        known = self._known.get(key)
        if known is None:
            operation = get_operation_ast(asked.document, asked.operation)
            if operation is None:  # the executor would have refused it
                return
            price = Price(self._engine.core, asked.document, operation)
            known = self._known.keep(key, _Operation(asked.document, operation, price))
        known.good_for.add(allowance_of(context.actor))

    async def answer(self, request: Request, context: Context) -> ExecutionResult | None:
        """The answer; None when the ordinary way must find it, or word what is wrong.

        Raises:
            TimeoutError: It took too long.
            QueryCanceledError: Likewise, by PostgreSQL's clock.
        """
        try:
            return await self._answer(request, context)
        except (GraphQLError, NotCompiled):
            return None

    async def _answer(self, request: Request, context: Context) -> ExecutionResult | None:
        if not isinstance(request.operation, str | None):
            return None
        name = named(request.extensions, request.text)
        text = await meant(request.text, name, context)
        known = self._known.get((text or "", request.operation))
        allowance = allowance_of(context.actor)
        if text is None or known is None or allowance not in known.good_for or (name and name.keep and request.text):
            return None
        check_variables(request.variables, allowance)
        objects = known.price.with_variables(request.variables)
        if objects > allowance.objects:
            return None
        asked = Asked(
            text,
            known.document,
            request.operation,
            request.variables,
            context.actor,
            await context.loaders.standing(),
            context.language,
        )
        prepared = self._engine.prepare(reading(), asked)
        await take_from_budget(context, objects, allowance)
        with observed(known.node, context):
            data = orjson.Fragment(await self._read(asked, prepared, context))
        OBJECTS.observe(objects)
        told = told_cost(objects, allowance) | told_reading(request.extensions, None)
        # The body is written by orjson, which takes JSON as it is.
        return ExecutionResult(data=data, errors=None, extensions=told)  # type: ignore[arg-type]

    async def _read(self, asked: Asked, prepared: Prepared, context: Context) -> bytes:
        """The JSON of the data; read again where somebody else turns out to ask, or the same with other facts."""
        pool, presumed = reading(), context.presumed
        if presumed is None:
            return await self._engine.run(pool, prepared)
        data, found = await self._engine.run_with(pool, prepared, presumed.question)
        await context.settle(found)
        standing = await context.loaders.standing()
        if standing == asked.standing:
            return data
        again = replace(asked, actor=context.actor, standing=standing)
        return await self._engine.run(pool, self._engine.prepare(pool, again))
