"""The reading engine: answers a whole operation with one statement, or leaves it to the ordinary executor."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import asyncpg
import orjson
import structlog
from graphql import DocumentNode
from graphql.execution.values import VariableValues
from strawberry import Schema

from domain.actor import Actor
from domain.database.read_queries import RowQuery
from domain.standing import Standing
from gql.reading.engine.cache import AskedRow, Plans
from gql.reading.engine.fallback import Fallbacks, NotCompiled
from gql.reading.engine.kept import KeptPlan
from gql.reading.engine.planning import ROW
from gql.reading.refusals import BadArgument

log = structlog.get_logger()

STOPPED: Final = (TimeoutError, asyncio.CancelledError, asyncpg.QueryCanceledError)
"""Work that was stopped isn't done over again by the ordinary executor, which would take longer still."""

AWAY: Final = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)
"""The database was away: no plan's fault."""


@dataclass(frozen=True)
class AskedOperation:
    """An operation, as a request asks it.

    Attributes:
        query: The document.
        document: The document, parsed and found valid.
        operation: The name of the operation meant, where there are several.
        variables: The variables as they came.
        actor: Who asks.
        standing: The facts about the actor.
        language: The language of texts.
    """

    query: str
    document: DocumentNode
    operation: str | None
    variables: Mapping[str, Any] | None
    actor: Actor
    standing: Standing
    language: str


@dataclass(frozen=True)
class EngineAnswer:
    """The engine's answer to an operation, or why it has none.

    Attributes:
        data: The JSON of the answer's `data`; None when the ordinary executor must answer.
        fallback: Why it must.
    """

    data: bytes | None
    fallback: str | None


@dataclass(frozen=True)
class Prepared:
    """An operation whose plan was found.

    Attributes:
        kept: The plan.
        values: The values of the operation's arguments.
        actor: Who asks.
        standing: The facts about the actor.
    """

    kept: KeptPlan
    values: list[Any]
    actor: Actor
    standing: Standing


class Engine:
    """Reads for everyone; keeps plans and nothing about anyone.

    Args:
        schema: The schema.

    Attributes:
        fallbacks: What it answered and what it didn't.
        core: The schema, as graphql-core knows it.
    """

    def __init__(self, schema: Schema) -> None:
        self._plans = Plans(schema)
        self.core = self._plans.core
        self.fallbacks = Fallbacks()

    async def read(self, pool: Any, asked: AskedOperation) -> EngineAnswer:
        """The answer, or why the ordinary executor must give it.

        Args:
            pool: Connections to read through; None leaves everything to the ordinary executor.
            asked: The operation.

        Raises:
            TimeoutError: It took too long.
            QueryCanceledError: Likewise, by PostgreSQL's clock.
        """
        try:
            data, _ = await self.run(pool, self.prepare(pool, asked))
            return EngineAnswer(data, None)
        except NotCompiled as fallback:
            self.fallbacks.count(fallback.reason)
            return EngineAnswer(None, fallback.reason)

    def prepare(self, pool: Any, asked: AskedOperation) -> Prepared:
        """The plan for an operation, with its values.

        Raises:
            NotCompiled: The ordinary executor must answer.
        """
        key = (asked.query, asked.operation, asked.language)
        find = partial(self._plans.find, key, asked.document, asked.variables, asked.standing)
        return self._prepared(pool, asked.actor, asked.standing, find)

    async def read_row(
        self,
        pool: Any,
        asked: AskedRow,
        variables: VariableValues,
        actor: Actor,
        standing: Standing,
        question: RowQuery | None = None,
    ) -> tuple[bytes | None, Any]:
        """The JSON of what is asked of one row that the actor may see; None when the ordinary executor must give it.

        Args:
            pool: As for `read`.
            asked: What is asked of the row.
            variables: The operation's variables.
            actor: Who asks.
            standing: The facts about the actor.
            question: As for `run`.

        Returns:
            The JSON; and a row that holds the columns of the other question's answer, None where nothing was read.

        Raises:
            TimeoutError: It took too long.
            QueryCanceledError: Likewise, by PostgreSQL's clock.
        """
        try:
            find = partial(self._plans.find_row, asked, variables, standing)
            found, row = await self._built(pool, self._prepared(pool, actor, standing, find), question)
        except NotCompiled as fallback:
            self.fallbacks.count(fallback.reason)
            return None, None
        return None if found[ROW] is None else orjson.dumps(found[ROW]), row

    @staticmethod
    def _prepared(
        pool: Any, actor: Actor, standing: Standing, find: Callable[[], tuple[KeptPlan, list[Any]]]
    ) -> Prepared:
        if pool is None:
            raise NotCompiled("switched off by the settings")
        if not actor.signed_in:
            raise NotCompiled("nobody signed in")
        try:
            return Prepared(*find(), actor, standing)
        except NotCompiled:
            raise
        except BadArgument:
            raise NotCompiled("arguments") from None
        except Exception as failure:  # whatever it is, the ordinary executor answers, or says what is wrong
            log.warning("plan_not_made", exc_info=failure)
            raise NotCompiled(f"not planned: {type(failure).__name__}") from failure

    async def run(self, pool: Any, prepared: Prepared, question: RowQuery | None = None) -> tuple[bytes, Any]:
        """The JSON of the answer's `data`, and a row that holds the columns of another question's answer.

        Args:
            pool: As for `read`.
            prepared: The plan, and whom it is carried out for.
            question: Another question; both answers come from one statement, so that neither is older than the other.

        Raises:
            NotCompiled: The ordinary executor must answer.
            TimeoutError: It took too long.
            QueryCanceledError: Likewise, by PostgreSQL's clock.
        """
        data, row = await self._built(pool, prepared, question)
        return orjson.dumps(data), row

    async def _built(self, pool: Any, prepared: Prepared, question: RowQuery | None) -> tuple[Any, Any]:
        plan, values = prepared.kept.plan, prepared.values
        statement, taken = plan.statement, plan.taken(prepared.standing, values)
        if question is not None:
            statement, taken = plan.joined(question.sql), [*taken, *question.parameters]
        try:
            row = await pool.fetchrow(statement, *taken)
            data = plan.build(row, values, prepared.actor)
        except STOPPED:
            raise
        except AWAY:
            raise NotCompiled("no connection") from None
        except Exception as failure:  # as above
            raise self._failed(prepared.kept, failure) from failure
        self.fallbacks.answered += 1
        return data, row

    @staticmethod
    def _failed(kept: KeptPlan, failure: Exception) -> NotCompiled:
        kept.failures += 1
        log.warning("plan_failed", failures=kept.failures, failure=type(failure).__name__)
        return NotCompiled(f"failed: {type(failure).__name__}")
