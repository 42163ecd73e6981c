"""What a connection keeps prepared: the statements that were asked for last, up to a length of all their texts."""

from typing import Any, Final

from asyncpg.connection import _StatementCache

from domain.database.connection import Connection

LENGTH: Final = 600_000
"""Characters of all statements that a connection keeps prepared.

PostgreSQL takes 100 to 200 bytes for each of them, so 120 MB at most. The statements of all published screens have
half as many for one kind of asker, and as many again where several ask at once.
"""


class _ByLength(_StatementCache):  # type: ignore[misc]  # asyncpg publishes no types
    """asyncpg's own cache, which counts statements alone: a long one takes a hundred times as much as a short one.

    What is found in it costs what it did; lengths are looked at when a statement is added.
    """

    __slots__ = ()

    def put(self, query: Any, statement: Any) -> None:
        """Adds a statement; those asked for longest ago go, which asyncpg then has PostgreSQL let go of."""
        super().put(query, statement)
        most = self.get_max_size()
        self.set_max_size(min(most, self._fitting()))
        self.set_max_size(most)

    def _fitting(self) -> int:
        """How many of those asked for last fit: the last one in any case, which is about to be executed."""
        length = fitting = 0
        for query, *_ in reversed(self._entries):
            length += len(query)
            if fitting and length > LENGTH:
                break
            fitting += 1
        return fitting


class ReadingConnection(Connection):
    """A connection for reading, which keeps prepared what was asked for last."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        counting = self._stmt_cache  # type: ignore[has-type]  # as above
        self._stmt_cache = _ByLength(
            loop=counting._loop,  # noqa: SLF001  # asyncpg has no other way to its cache
            max_size=counting.get_max_size(),
            on_remove=counting._on_remove,  # noqa: SLF001  # likewise
            max_lifetime=counting.get_max_lifetime(),
        )
