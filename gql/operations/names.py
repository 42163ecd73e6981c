"""The operation names in metrics, traces and logs: known ones only, since clients can invent any number of others."""

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

MAX_NAMES: Final = 500
"""How many names are reported at most; each has a handful of time series."""
REFRESH_INTERVAL: Final = 60.0
"""Seconds between refreshes of the registered documents."""
UNNAMED: Final = "unnamed"
OTHER: Final = "other"


def operation_names(document: DocumentNode) -> set[str]:
    """The names of a document's operations."""
    return {
        definition.name.value
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode) and definition.name
    }


class OperationNames:
    """Knows the operations of the published screens, and those of the registered documents."""

    def __init__(self) -> None:
        self._registered: dict[int, frozenset[str]] = {}

    @cached_property
    def _published(self) -> frozenset[str]:
        texts = (path.read_text(encoding="utf-8") for path in sorted(SCREENS.glob("*.graphql")))
        return frozenset().union(*(operation_names(parse(text)) for text in texts))

    @cached_property
    def known(self) -> frozenset[str]:
        """The names that are reported; if there are too many, those of the documents registered first."""
        known = self._published
        for names in self._registered.values():
            if len(known | names) <= MAX_NAMES:
                known |= names
        return known

    def label_of(self, operation: OperationDefinitionNode | None) -> str:
        """The reported name of an operation: its own if it is known, otherwise `other`; `unnamed` if it has none."""
        if operation is None or operation.name is None:
            return UNNAMED
        name = operation.name.value
        return name if name in self.known else OTHER

    async def refresh(self) -> None:
        """Adds the names in newly registered documents, and removes those of documents that were forgotten."""
        previously_known = self.known
        ids = [row.id for row in await TrustedDocument.all().order_by("id").only("id")]
        new = await TrustedDocument.filter(id__in=[key for key in ids if key not in self._registered])
        registered = self._registered | {row.id: _names_in_text(row.text) for row in new}
        # A document that is forgotten between the two queries is missing in the second.
        self._registered = {key: registered[key] for key in ids if key in registered}
        del self.known
        for name in previously_known - self.known:
            remove_operation_series(name)


def _names_in_text(text: str) -> frozenset[str]:
    try:
        return frozenset(operation_names(parse(text)))
    except GraphQLError:
        return frozenset()


OPERATION_NAMES: Final = OperationNames()
"""The names that this process reports."""


@asynccontextmanager
async def refresh_names() -> AsyncIterator[None]:
    """Refreshes the names periodically while the block lasts."""
    refreshing = asyncio.create_task(_refresh_periodically())
    try:
        yield
    finally:
        refreshing.cancel()


async def _refresh_periodically() -> None:
    while True:
        try:
            await OPERATION_NAMES.refresh()
        except Exception as cause:  # noqa: BLE001  # a name that isn't known yet is reported as `other`
            log.warning("names_not_read", cause=type(cause).__name__)
        await asyncio.sleep(REFRESH_INTERVAL)
