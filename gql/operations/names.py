"""The names of operations that metrics, traces and logs tell: those that we know. A client may invent any other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Final

import structlog
from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, parse

from domain.models import TrustedDocument
from gql.contract import SCREENS

log = structlog.get_logger()

MOST: Final = 500
"""Names that are told at most; each is a handful of time series."""
AGAIN_AFTER: Final = 60.0
"""Seconds after which it is seen what was registered."""
UNNAMED: Final = "unnamed"
OTHER: Final = "other"


def names_in(document: DocumentNode) -> set[str]:
    """The names of a document's operations."""
    return {
        definition.name.value
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode) and definition.name
    }


class OperationNames:
    """Knows the operations of the published screens, and those of documents that the operator registered."""

    def __init__(self) -> None:
        self._registered: set[str] = set()
        self._read = 0

    @cached_property
    def _published(self) -> frozenset[str]:
        texts = (path.read_text(encoding="utf-8") for path in sorted(SCREENS.glob("*.graphql")))
        return frozenset().union(*(names_in(parse(text)) for text in texts))

    @property
    def known(self) -> frozenset[str]:
        """The names that are told."""
        return self._published | self._registered

    def told(self, operation: OperationDefinitionNode | None) -> str:
        """The name that is told of an operation: its own if it is known, else `other`; `unnamed` where it has none."""
        if operation is None or operation.name is None:
            return UNNAMED
        name = operation.name.value
        return name if name in self._published or name in self._registered else OTHER

    async def read_registered(self) -> None:
        """Learns the names in documents that were registered since the last time."""
        for row in await TrustedDocument.filter(id__gt=self._read).order_by("id"):
            self._read = row.id
            self._learn(row.text)

    def _learn(self, text: str) -> None:
        try:
            names = names_in(parse(text))
        except GraphQLError:
            return
        if len(self.known | names) <= MOST:
            self._registered |= names


NAMES: Final = OperationNames()
"""The names of this process."""


@asynccontextmanager
async def names_read() -> AsyncIterator[None]:
    """Keeps up with what is registered while the block lasts."""
    reading = asyncio.create_task(_read_for_ever())
    try:
        yield
    finally:
        reading.cancel()


async def _read_for_ever() -> None:
    while True:
        try:
            await NAMES.read_registered()
        except Exception as cause:  # noqa: BLE001  # a name that isn't known yet is told as another
            log.warning("names_not_read", cause=type(cause).__name__)
        await asyncio.sleep(AGAIN_AFTER)
