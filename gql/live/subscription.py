"""The resolver of a subscription: from the keys of changed rows to rows that the viewer may read at that moment."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import structlog

from domain.database.changes import Topic
from gql.context import Context
from gql.limits.allowance import allowance_of
from gql.limits.extension import spend_budget
from gql.live.connections import INTERRUPTED, SESSION_ENDED, TOO_SLOW
from gql.live.context import SubscriptionContext
from gql.live.dispatcher import SESSION_TOPIC, ChangeQueue
from gql.live.faults import StreamRequired, SubscribedObjectNotFound
from gql.live.service import live
from gql.reading.fields import DeclaredField
from gql.reading.ids import row_key_of
from gql.reading.sources import Source
from gql.roots import Unauthenticated
from identity.tokens import InvalidToken
from settings import settings

log = structlog.get_logger()


@dataclass(frozen=True)
class ChangeSubscription:
    """Resolves a field of Subscription: the rows of a connection field, each when it changes.

    Attributes:
        owner: The source of the object that has the connection.
        connection: The connection field, whose guard decides who may subscribe.
        target: The source of the rows that are reported.
        topic_kind: The kind of topic under which the database reports their changes.
        argument: The argument with the owner's global id.
    """

    owner: Source
    connection: DeclaredField
    target: Source
    topic_kind: str
    argument: str

    async def resolve(self, context: Context, arguments: dict[str, Any]) -> AsyncIterator[Any]:
        """Subscribes; each changed row from now on is an event.

        Raises:
            StreamRequired: The request is for a single response.
            Unauthenticated: Nobody is signed in.
            SubscribedObjectNotFound: The viewer may not read the connection field.
            LimitReached: The viewer has as many subscriptions as one may have.
        """
        if not isinstance(context, SubscriptionContext):
            raise StreamRequired
        if not live().is_listening:
            await context.connection.close_and_wait(INTERRUPTED)
        owner_key = row_key_of(self.owner.name, arguments[self.argument])
        await self._authorize(context, owner_key)
        live().connections.require_capacity(context.viewer_key)
        return self._events(context, owner_key)

    async def _events(self, context: SubscriptionContext, owner_key: int) -> AsyncIterator[Any]:
        service, viewer = live(), context.viewer_key
        queue = ChangeQueue(lambda: context.connection.close(TOO_SLOW))
        topics = [Topic(self.topic_kind, owner_key), Topic(SESSION_TOPIC, context.actor.session_id or 0)]
        service.connections.begin_subscription(viewer)
        service.dispatcher.subscribe(queue, topics)
        try:
            while True:
                key = await queue.get(settings().live_check)
                row = await self._row(context, owner_key, key)
                if row is not None:
                    # An event is paid from the budget like every response.
                    await spend_budget(context, context.cost, allowance_of(context.actor))
                    yield row
        finally:
            service.dispatcher.unsubscribe(queue, topics)
            service.connections.end_subscription(viewer)

    async def _row(self, context: SubscriptionContext, owner_key: int, key: int | None) -> Any:
        """The row as it is now, if the viewer, authenticated anew, may see it; None otherwise."""
        try:
            await self._authorize(context, owner_key)
            return await context.loaders.row(self.target, key, checked=True)
        except (Unauthenticated, SubscribedObjectNotFound) as fault:
            if isinstance(fault, Unauthenticated) and context.connection.is_multiplexed:
                await context.connection.close_and_wait(SESSION_ENDED)
            raise
        except Exception:
            # The change can't be reported now; a client that connects again and fetches sees it.
            log.exception("change_not_told", request_id=context.request_id)
            await context.connection.close_and_wait(INTERRUPTED)

    async def _authorize(self, context: SubscriptionContext, owner_key: int) -> None:
        """Returns only if the viewer may read the connection field as of now."""
        try:
            context.set_actor(await context.credentials.actor(active=False))
        except InvalidToken:
            raise Unauthenticated from None
        if not context.actor.signed_in:
            raise Unauthenticated
        row = await context.loaders.row(self.owner, owner_key, checked=True)
        guard = self.connection.guard
        if row is None or (guard and not await context.loaders.expression(guard, guard, self.owner, row)):
            raise SubscribedObjectNotFound
