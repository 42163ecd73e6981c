"""A cached document of a remote server: fetched when it is first needed, and again when it has expired."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

import structlog

from identity.refusals import ProviderUnavailableError

Document = TypeVar("Document")
LIFETIME: Final = 600.0
RETRY_DELAY: Final = 1.0
RETRY_DELAY_WITH_STALE: Final = 30.0
MAX_REFRESHES: Final = 6
REFRESH_PERIOD: Final = 60.0
log = structlog.get_logger()


class CachedDocument(Generic[Document]):
    """Serves from memory; while the server is down the stale document is served, and retries are delayed.

    Args:
        name: The name of the document in the log.
        fetch: Fetches it; raises ProviderUnavailableError when that fails.
    """

    def __init__(self, name: str, fetch: Callable[[], Awaitable[Document]]) -> None:
        self._name = name
        self._fetch = fetch
        self._document: Document | None = None
        self._expires_at = 0.0
        self._retry_at = 0.0
        self._refreshes: deque[float] = deque(maxlen=MAX_REFRESHES)
        self._lock = asyncio.Lock()

    async def get(self) -> Document:
        """The document, at most ten minutes old unless the server is down.

        Raises:
            ProviderUnavailableError: There is none yet, and it can't be fetched.
        """
        document = self._document
        # Only one caller fetches it; the others don't wait as long as there is a document.
        if document is not None and (time.monotonic() < self._expires_at or self._lock.locked()):
            return document
        async with self._lock:
            if self._document is None or time.monotonic() >= self._expires_at:
                await self._refresh()
            return self._get_cached()

    async def refresh(self, stale: Document) -> Document:
        """The document fetched again, because `stale` lacks something; `stale` itself when that happens too often.

        Raises:
            ProviderUnavailableError: There is none.
        """
        async with self._lock:
            if self._document is stale and self._may_refresh():
                await self._refresh()
            return self._get_cached()

    def _may_refresh(self) -> bool:
        now = time.monotonic()
        if len(self._refreshes) == MAX_REFRESHES and now < self._refreshes[0] + REFRESH_PERIOD:
            return False
        self._refreshes.append(now)
        return True

    async def _refresh(self) -> None:
        if time.monotonic() < self._retry_at:
            return
        try:
            self._document = await self._fetch()
        except ProviderUnavailableError as error:
            self._retry_at = time.monotonic() + (RETRY_DELAY if self._document is None else RETRY_DELAY_WITH_STALE)
            log.warning("identity_provider_unavailable", document=self._name, cause=str(error))
        else:
            self._expires_at = time.monotonic() + LIFETIME

    def _get_cached(self) -> Document:
        if self._document is None:
            raise ProviderUnavailableError(f"no {self._name}")
        return self._document
