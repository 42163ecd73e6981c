"""The prepared statements that a connection caches: those used last, up to a total length of their texts."""

from typing import Any, Final

from asyncpg.connection import _StatementCache

from domain.database.connection import Connection

MAX_LENGTH: Final = 600_000
"""Characters of all statements that a connection caches.

PostgreSQL takes 100 to 200 bytes for each of them, so 120 MB at most. The statements of all published screens have
half as many for one kind of viewer, and as many again where several ask at once.
"""


class _LengthBoundedStatementCache(_StatementCache):  # type: ignore[misc]  # asyncpg publishes no types
    """asyncpg's own cache, which counts statements alone: a long one takes a hundred times as much as a short one.

    A hit costs what it did; lengths are checked when a statement is added.
    """

    __slots__ = ()

    def put(self, query: Any, statement: Any) -> None:
        """Adds a statement and evicts the least recently used ones, which asyncpg then deallocates."""
        super().put(query, statement)
        max_size = self.get_max_size()
        self.set_max_size(min(max_size, self._fitting()))
        self.set_max_size(max_size)

    def _fitting(self) -> int:
        """How many of the statements used last fit: the last one in any case, which is about to be executed."""
        length = fitting = 0
        for query, *_ in reversed(self._entries):
            length += len(query)
            if fitting and length > MAX_LENGTH:
                break
            fitting += 1
        return fitting


class ReadOnlyConnection(Connection):
    """A connection whose statement cache is bounded by length."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cache = self._stmt_cache  # type: ignore[has-type]  # as above
        self._stmt_cache = _LengthBoundedStatementCache(
            loop=cache._loop,  # noqa: SLF001  # asyncpg has no other way to its cache
            max_size=cache.get_max_size(),
            on_remove=cache._on_remove,  # noqa: SLF001  # likewise
            max_lifetime=cache.get_max_lifetime(),
        )
