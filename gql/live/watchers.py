"""Who waits for which changes in this process: each subscription with the keys that it has not told yet."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from domain.database.changes import Change, Topic

MOST: Final = 1000
"""The keys that may wait for one subscription; a client that is further behind does better to fetch again."""


class Watcher:
    """What one subscription has still to tell: each row once, however often it has changed meanwhile."""

    def __init__(self, overwhelmed: Callable[[], None]) -> None:
        self._overwhelmed = overwhelmed
        self._waiting: dict[int, None] = {}
        self._told = asyncio.Event()

    def add(self, keys: Iterable[int]) -> None:
        """Has these rows told, unless too many wait already: then whoever watches is given up."""
        self._waiting |= dict.fromkeys(keys)
        if len(self._waiting) > MOST:
            self._waiting.clear()
            self._overwhelmed()
        else:
            self._told.set()

    def wake(self) -> None:
        """Has the watcher look up without a row to tell."""
        self._told.set()

    async def next(self, patience: float) -> int | None:
        """The key of the row that has waited longest; None when there was none for so many seconds, or on `wake`."""
        if not self._waiting:
            self._told.clear()
            try:
                await asyncio.wait_for(self._told.wait(), patience)
            except TimeoutError:
                return None
        key = next(iter(self._waiting), None)
        if key is not None:
            del self._waiting[key]
        return key


class Watchers:
    """All of a process, by what they watch."""

    def __init__(self) -> None:
        self._by_topic: defaultdict[Topic, set[Watcher]] = defaultdict(set)

    def watch(self, watcher: Watcher, topics: Sequence[Topic]) -> None:
        """From now on, the watcher hears of changes of these topics."""
        for topic in topics:
            self._by_topic[topic].add(watcher)

    def leave(self, watcher: Watcher, topics: Sequence[Topic]) -> None:
        """The watcher hears of them no more."""
        for topic in topics:
            self._by_topic[topic].discard(watcher)
            if not self._by_topic[topic]:
                del self._by_topic[topic]

    def tell(self, change: Change) -> None:
        """Passes a change on to whoever watches its topic."""
        for watcher in tuple(self._by_topic.get(change.topic, ())):
            if change.topic.kind == SIGN_OUT:
                watcher.wake()
            else:
                watcher.add(change.keys)


SIGN_OUT: Final = "Session"
"""The kind of topic that tells of the end of a session: nothing to be shown, but a reason to look who is there."""
