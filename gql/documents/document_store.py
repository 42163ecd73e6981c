"""Lookup of documents by digest: those that the operator registered, and those that clients sent not long ago."""

from typing import Final

import structlog
from redis.asyncio import Redis

from domain.models import TrustedDocument
from gql.documents.digest import digest_of
from gql.limits.budget import REDIS_TIMEOUT, Budget

log = structlog.get_logger()

TTL: Final = 3_600
"""Seconds that a client's document is stored."""
MAX_CHARACTERS: Final = 20_000
"""The length of a client's document that is stored."""
MAX_STORED_PER_MINUTE: Final = 30
"""How many documents one viewer may have stored in a minute."""


class DocumentStore:
    """Finds documents by their digests, and stores those that clients send.

    A client's document is stored in Valkey for an hour. While Valkey is unavailable nothing is stored or found: clients
    then send the text, as they do whenever a digest is unknown.
    """

    def __init__(self, redis_url: str, budget: Budget) -> None:
        """Prepares the client; nothing is connected yet.

        Args:
            redis_url: A `redis://`, `rediss://` or `unix://` address.
            budget: Limits what each viewer can have stored.
        """
        self._redis = Redis.from_url(redis_url, socket_timeout=REDIS_TIMEOUT, socket_connect_timeout=REDIS_TIMEOUT)
        self._budget = budget

    async def find(self, digest: str) -> str | None:
        """The text of a document; None when it is neither registered nor stored."""
        return await registered_text(digest) or await self._stored_text(digest)

    async def store(self, text: str, viewer: str) -> None:
        """Stores a valid document that a client sent, unless it is too long or the viewer has too many stored."""
        if len(text) > MAX_CHARACTERS:
            return
        if not (await self._budget.spend(f"documents:{viewer}", 1, MAX_STORED_PER_MINUTE)).granted:
            return
        try:
            await self._redis.set(_redis_key(digest_of(text)), text, ex=TTL)
        except Exception as cause:  # noqa: BLE001  # the client sends the text again
            log.warning("document_not_kept", cause=type(cause).__name__)

    async def _stored_text(self, digest: str) -> str | None:
        try:
            text = await self._redis.get(_redis_key(digest))
        except Exception as cause:  # noqa: BLE001  # the client sends the text
            log.warning("documents_not_read", cause=type(cause).__name__)
            return None
        return text.decode() if isinstance(text, bytes) else None

    async def close(self) -> None:
        """Closes the connections."""
        await self._redis.aclose()


async def registered_text(digest: str) -> str | None:
    """The text of a registered document; None if there is none with this digest."""
    row = await TrustedDocument.get_or_none(digest=digest)
    return row.text if row else None


def _redis_key(digest: str) -> str:
    return f"econtracting:document:{digest}"
