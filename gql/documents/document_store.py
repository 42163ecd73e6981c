"""Where the text of a named document is found: registered by the operator, or sent by a client not long ago."""

from typing import Final

import structlog
from redis.asyncio import Redis

from domain.models import TrustedDocument
from gql.documents.digest import digest_of
from gql.limits.budget import PATIENCE, Budget

log = structlog.get_logger()

KEPT: Final = 3_600
"""Seconds that a document is kept which a client sent."""
LONGEST: Final = 20_000
"""Characters of a document that is kept for clients."""
MOST: Final = 30
"""Documents that one viewer may have kept in a minute."""


class Library:
    """Finds documents by their digests, and keeps those that clients send.

    What a client sends is kept in Valkey for an hour. While that is away nothing is kept or found: clients send the
    text, as they do whenever a digest is not known.
    """

    def __init__(self, redis_url: str, budget: Budget) -> None:
        """Prepares to look; nothing is connected yet.

        Args:
            redis_url: A `redis://`, `rediss://` or `unix://` address.
            budget: Bounds what each viewer can have kept.
        """
        self._shelf = Redis.from_url(redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self._budget = budget

    async def find(self, digest: str) -> str | None:
        """The text of a document; None when it is neither registered nor kept."""
        return await registered_text(digest) or await self._kept(digest)

    async def keep(self, text: str, viewer: str) -> None:
        """Keeps a valid document that a client sent, unless it is long, or the viewer's are many."""
        if len(text) > LONGEST or not (await self._budget.spend(f"documents:{viewer}", 1, MOST)).granted:
            return
        try:
            await self._shelf.set(_place(digest_of(text)), text, ex=KEPT)
        except Exception as cause:  # noqa: BLE001  # keeping saves bytes, and nothing else
            log.warning("document_not_kept", cause=type(cause).__name__)

    async def _kept(self, digest: str) -> str | None:
        try:
            found = await self._shelf.get(_place(digest))
        except Exception as cause:  # noqa: BLE001  # the client sends the text
            log.warning("documents_not_read", cause=type(cause).__name__)
            return None
        return found.decode() if isinstance(found, bytes) else None

    async def close(self) -> None:
        """Gives the connections back."""
        await self._shelf.aclose()


async def registered_text(digest: str) -> str | None:
    """The text of a registered document; None when no such document is."""
    row = await TrustedDocument.get_or_none(digest=digest)
    return row.text if row else None


def _place(digest: str) -> str:
    return f"econtracting:document:{digest}"
