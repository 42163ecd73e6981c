"""Dispatching of changes to subscriptions: each has a queue of the keys that it has not reported yet."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from domain.database.changes import Change, Topic

MAX_PENDING: Final = 1000
"""How many keys may be pending for one subscription; a client further behind should fetch again."""
SESSION_TOPIC: Final = "Session"
"""The kind of topic of a session that has ended: there is no row to report, but the viewer must be checked again."""


class ChangeQueue:
    """The keys of changed rows that a subscription has yet to report, each once however often the row changes.

    Args:
        on_overflow: Called when too many keys are pending; they are discarded.
    """

    def __init__(self, on_overflow: Callable[[], None]) -> None:
        self._on_overflow = on_overflow
        self._pending: dict[int, None] = {}
        self._available = asyncio.Event()

    def put(self, keys: Iterable[int]) -> None:
        """Adds keys, unless too many are pending."""
        self._pending |= dict.fromkeys(keys)
        if len(self._pending) > MAX_PENDING:
            self._pending.clear()
            self._on_overflow()
        else:
            self._available.set()

    def wake(self) -> None:
        """Has `get` return at once, with None if no key is pending."""
        self._available.set()

    async def get(self, seconds: float) -> int | None:
        """Removes and returns the key that was added first; None after a timeout, or on `wake`."""
        if not self._pending:
            self._available.clear()
            try:
                await asyncio.wait_for(self._available.wait(), seconds)
            except TimeoutError:
                return None
        key = next(iter(self._pending), None)
        if key is not None:
            del self._pending[key]
        return key


class ChangeDispatcher:
    """The queues of a process, by topic."""

    def __init__(self) -> None:
        self._by_topic: defaultdict[Topic, set[ChangeQueue]] = defaultdict(set)

    def subscribe(self, queue: ChangeQueue, topics: Sequence[Topic]) -> None:
        """Has changes of these topics put into the queue."""
        for topic in topics:
            self._by_topic[topic].add(queue)

    def unsubscribe(self, queue: ChangeQueue, topics: Sequence[Topic]) -> None:
        """Ends that."""
        for topic in topics:
            self._by_topic[topic].discard(queue)
            if not self._by_topic[topic]:
                del self._by_topic[topic]

    def dispatch(self, change: Change) -> None:
        """Puts a change into the queues of its topic."""
        for queue in tuple(self._by_topic.get(change.topic, ())):
            if change.topic.kind == SESSION_TOPIC:
                queue.wake()
            else:
                queue.put(change.keys)
