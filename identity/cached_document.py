"""A document of somebody else's server: fetched when it is first needed, remembered, fetched anew when it is old."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

import structlog

from identity.refusals import ProviderUnavailableError

Document = TypeVar("Document")
LIFETIME: Final = 600.0
PAUSE: Final = 1.0
PAUSE_WITH_OLD: Final = 30.0
RENEWALS: Final = 6
RENEWALS_WITHIN: Final = 60.0
log = structlog.get_logger()


class CachedDocument(Generic[Document]):
    """Answers from memory; while the server is down the old document does, and after a failure it is left in peace.

    Args:
        name: What the log calls the document.
        fetch: Fetches it; raises ProviderUnavailableError when it can't.
    """

    def __init__(self, name: str, fetch: Callable[[], Awaitable[Document]]) -> None:
        self._name = name
        self._fetch = fetch
        self._document: Document | None = None
        self._old_at = 0.0
        self._not_before = 0.0
        self._renewals: deque[float] = deque(maxlen=RENEWALS)
        self._fetching = asyncio.Lock()

    async def get(self) -> Document:
        """The document, at most ten minutes old unless the server is down.

        Raises:
            ProviderUnavailableError: There is none yet, and the server doesn't give it.
        """
        document = self._document
        # Only one asks the server; the others don't wait for it as long as they have an answer.
        if document is not None and (time.monotonic() < self._old_at or self._fetching.locked()):
            return document
        async with self._fetching:
            if self._document is None or time.monotonic() >= self._old_at:
                await self._try()
            return self._present()

    async def newer_than(self, seen: Document) -> Document:
        """The document fetched anew, because `seen` lacks something; `seen` again when that was done too often.

        Raises:
            ProviderUnavailableError: There is none.
        """
        async with self._fetching:
            if self._document is seen and self._may_renew():
                await self._try()
            return self._present()

    def _may_renew(self) -> bool:
        now = time.monotonic()
        if len(self._renewals) == RENEWALS and now < self._renewals[0] + RENEWALS_WITHIN:
            return False
        self._renewals.append(now)
        return True

    async def _try(self) -> None:
        if time.monotonic() < self._not_before:
            return
        try:
            self._document = await self._fetch()
        except ProviderUnavailableError as failure:
            self._not_before = time.monotonic() + (PAUSE if self._document is None else PAUSE_WITH_OLD)
            log.warning("identity_provider_unavailable", document=self._name, cause=str(failure))
        else:
            self._old_at = time.monotonic() + LIFETIME

    def _present(self) -> Document:
        if self._document is None:
            raise ProviderUnavailableError(f"no {self._name}")
        return self._document
