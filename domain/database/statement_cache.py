"""A cache of prepared statements: the most recently used ones, up to a total length of their texts."""

from typing import Any, Final

from asyncpg.connection import _StatementCache

from domain.database.connection import Connection

MAX_LENGTH: Final = 600_000
"""The maximum number of characters of all statements in the cache of a connection.

PostgreSQL uses 100 to 200 bytes per character, so 120 MB at most. The statements of all published screens have half as
many characters for one kind of viewer, and the same again for their batches.
"""


class _LengthBoundedStatementCache(_StatementCache):  # type: ignore[misc]  # asyncpg publishes no types
    """asyncpg's cache with a limit on lengths; asyncpg only counts statements, whose sizes differ by a factor of 100.

    Lengths are checked when a statement is added, so hits cost no more.
    """

    __slots__ = ()

    def put(self, query: Any, statement: Any) -> None:
        """Adds a statement and evicts the least recently used ones, which asyncpg then deallocates."""
        super().put(query, statement)
        max_size = self.get_max_size()
        self.set_max_size(min(max_size, self._fitting()))
        self.set_max_size(max_size)

    def _fitting(self) -> int:
        """How many of the most recently used statements fit; at least the last one, which is about to be executed."""
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
