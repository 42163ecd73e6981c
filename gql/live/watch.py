"""A subscription: from the keys that the database tells to rows that the viewer may read at that moment."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, NoReturn

import structlog

from domain.database.changes import Topic
from gql.context import Context
from gql.limits.allowance import allowance_of
from gql.limits.extension import take_from_budget
from gql.live.context import LiveContext
from gql.live.faults import NoStream, OutOfReach
from gql.live.lines import INTERRUPTED, SIGNED_OUT, TOO_SLOW, Ending, Line
from gql.live.service import live
from gql.live.watchers import SIGN_OUT, Watcher
from gql.reading.fields import DeclaredField
from gql.reading.ids import row_key_of
from gql.reading.sources import Source
from gql.roots import Unauthenticated
from identity.tokens import InvalidToken
from settings import settings

log = structlog.get_logger()


@dataclass(frozen=True)
class Watch:
    """A field of Subscription: the rows behind a connection that somebody may read, each when it changes.

    Attributes:
        owner: The rows that have the connection.
        connection: The connection's field, whose guard says who may read it.
        target: The rows that are told.
        kind: What the database calls them when it tells.
        argument: The argument that holds the owner's global id.
    """

    owner: Source
    connection: DeclaredField
    target: Source
    kind: str
    argument: str

    async def answer(self, context: Context, arguments: dict[str, Any]) -> AsyncIterator[Any]:
        """The changes, from now on.

        Raises:
            NoStream: The request can only be answered once.
            Unauthenticated: Nobody is signed in.
            OutOfReach: The viewer may not read the connection.
            TooMany: The viewer has as many subscriptions as one may have.
        """
        if not isinstance(context, LiveContext):
            raise NoStream
        if not live().heard:
            await _ended(context.line, INTERRUPTED)
        owner = row_key_of(self.owner.name, arguments[self.argument])
        await self._admit(context, owner)
        live().lines.require_room(context.viewer_key)
        return self._changes(context, owner)

    async def _changes(self, context: LiveContext, owner: int) -> AsyncIterator[Any]:
        service, viewer = live(), context.viewer_key
        watcher = Watcher(lambda: context.line.drop(TOO_SLOW))
        topics = [Topic(self.kind, owner), Topic(SIGN_OUT, context.actor.session_id or 0)]
        service.lines.begin(viewer)
        service.watchers.watch(watcher, topics)
        try:
            while True:
                key = await watcher.next(settings().live_check)
                row = await self._row(context, owner, key)
                if row is not None:
                    # What is read of it is weighed like every answer.
                    await take_from_budget(context, context.cost, allowance_of(context.actor))
                    yield row
        finally:
            service.watchers.leave(watcher, topics)
            service.lines.end(viewer)

    async def _row(self, context: LiveContext, owner: int, key: int | None) -> Any:
        """The row as it is now, if the viewer may see it; asked of the database, like who the viewer is by now."""
        try:
            await self._admit(context, owner)
            return await context.loaders.row(self.target, key, checked=True)
        except (Unauthenticated, OutOfReach) as end:
            if isinstance(end, Unauthenticated) and context.line.many:
                await _ended(context.line, SIGNED_OUT)
            raise
        except Exception:
            # What happened can't be told now; whoever connects again and fetches will see it.
            log.exception("change_not_told", request_id=context.request_id)
            await _ended(context.line, INTERRUPTED)

    async def _admit(self, context: LiveContext, owner: int) -> None:
        """Goes on only if the viewer, by the rights of this moment, may read the connection."""
        try:
            context.set_actor(await context.credentials.actor(active=False))
        except InvalidToken:
            raise Unauthenticated from None
        if not context.actor.signed_in:
            raise Unauthenticated
        row = await context.loaders.row(self.owner, owner, checked=True)
        guard = self.connection.guard
        if row is None or (guard and not await context.loaders.expression(guard, guard, self.owner, row)):
            raise OutOfReach


async def _ended(line: Line, ending: Ending) -> NoReturn:
    """Has the line ended, and waits for that: whoever serves it cancels this."""
    line.drop(ending)
    await asyncio.get_running_loop().create_future()
    raise AssertionError
