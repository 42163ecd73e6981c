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
from gql.metrics import remove_operation_series

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
    """Knows the operations of the published screens, and those of the documents that are registered now."""

    def __init__(self) -> None:
        self._registered: dict[int, frozenset[str]] = {}

    @cached_property
    def _published(self) -> frozenset[str]:
        texts = (path.read_text(encoding="utf-8") for path in sorted(SCREENS.glob("*.graphql")))
        return frozenset().union(*(names_in(parse(text)) for text in texts))

    @cached_property
    def known(self) -> frozenset[str]:
        """The names that are told: of documents that are too many for all, those registered first."""
        known = self._published
        for names in self._registered.values():
            if len(known | names) <= MOST:
                known |= names
        return known

    def label_of(self, operation: OperationDefinitionNode | None) -> str:
        """The name that is told of an operation: its own if it is known, else `other`; `unnamed` where it has none."""
        if operation is None or operation.name is None:
            return UNNAMED
        name = operation.name.value
        return name if name in self.known else OTHER

    async def read_registered(self) -> None:
        """Learns the names in documents that were registered since the last time; those of forgotten ones go."""
        before = self.known
        kept = [row.id for row in await TrustedDocument.all().order_by("id").only("id")]
        new = await TrustedDocument.filter(id__in=[key for key in kept if key not in self._registered])
        read = self._registered | {row.id: _names_in_text(row.text) for row in new}
        # Of what is forgotten between the two questions nothing is read.
        self._registered = {key: read[key] for key in kept if key in read}
        del self.known
        for name in before - self.known:
            remove_operation_series(name)


def _names_in_text(text: str) -> frozenset[str]:
    try:
        return frozenset(names_in(parse(text)))
    except GraphQLError:
        return frozenset()


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
