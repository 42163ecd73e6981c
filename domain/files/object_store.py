"""Where the bytes of attachments are: a folder, or a bucket of Amazon S3 or of a server that speaks like it.

Rows name objects by their storage key. An object is written whole under a key of its own and never changed, so whoever
has the key reads the same bytes, and what no row names is rubbish.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname
from uuid import uuid4

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from domain.refusals import StoreUnavailable
from settings import Settings, settings

if TYPE_CHECKING:
    from obstore.store import S3Config

log = structlog.get_logger()

LOCAL_PART: Final = 256 * 1024
S3_PART: Final = 5 * 1024 * 1024
"""Bytes of one part of a file on its way; S3 takes no smaller ones, but for the last."""
PARTS_AT_ONCE: Final = 1
"""What one upload holds in memory: the part that is gathered, and those that are being written."""
PIECE: Final = 256 * 1024
"""Bytes that are read at once, at least."""
PATIENCE: Final = timedelta(seconds=30)
LISTED: Final = 1000
"""Objects that are listed at once."""
UNFINISHED: Final = "*#*"
"""What obstore calls a file while it is written in a folder: its key, and a number behind the sign."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as a listing tells it: its key, and when it was written."""

    key: str
    written_at: datetime


class Objects:
    """The objects of one store.

    Args:
        store: Where they are.
        part: Bytes of one part of a file on its way there.
        folder: The folder that it is, if it is one.
    """

    def __init__(self, store: ObjectStore, part: int, folder: Path | None = None) -> None:
        self._store = store
        self._part = part
        self._folder = folder

    async def put(self, key: str, pieces: AsyncIterator[bytes]) -> None:
        """Writes an object from its pieces as they come; whatever they raise leaves nothing behind.

        Raises:
            StoreUnavailable: The store doesn't take it.
        """
        async with _answering("put", key):
            await obstore.put_async(
                self._store, key, pieces, chunk_size=self._part, max_concurrency=PARTS_AT_ONCE, use_multipart=True
            )

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes of an object from `start` up to and without `end`, piece by piece.

        Raises:
            StoreUnavailable: The store doesn't answer, or has lost the object.
        """
        async with _answering("read", key):
            found = await obstore.get_async(self._store, key, options={"range": (start, end)})
            async for piece in found.stream(min_chunk_size=PIECE):
                yield bytes(piece)

    async def delete(self, keys: Sequence[str]) -> None:
        """Takes objects away; one that is gone already is no error.

        Raises:
            StoreUnavailable: The store doesn't answer.
        """
        for key in keys:
            async with _answering("delete", key):
                try:
                    await obstore.delete_async(self._store, key)
                except FileNotFoundError:
                    log.debug("object_gone_already", key=key)

    async def pages(self) -> AsyncIterator[list[StoredObject]]:
        """Every object there is, page by page.

        Raises:
            StoreUnavailable: The store doesn't answer.
        """
        async with _answering("list", ""):
            async for page in obstore.list(self._store, chunk_size=LISTED):
                yield [StoredObject(found["path"], found["last_modified"]) for found in page]

    async def drop_unfinished(self, before: datetime) -> int:
        """Takes away what a process that was killed had begun to write in a folder, and answers how many there were.

        A bucket hides such parts, and drops them itself when it has a rule to.
        """
        folder = self._folder
        return 0 if folder is None else await asyncio.to_thread(_drop_unfinished, folder, before)


def _drop_unfinished(folder: Path, before: datetime) -> int:
    dropped = 0
    for found in folder.rglob(UNFINISHED):
        # One that its process finishes at this moment is gone under this name.
        with suppress(FileNotFoundError):
            if found.stat().st_mtime <= before.timestamp():
                found.unlink()
                dropped += 1
    return dropped


@asynccontextmanager
async def _answering(act: str, key: str) -> AsyncIterator[None]:
    """Has a store's own errors end as a refusal, and in the log."""
    try:
        yield
    except (BaseError, FileNotFoundError) as error:
        log.exception("object_store_failed", act=act, key=key)
        raise StoreUnavailable from error


@lru_cache(maxsize=1)
def _opened(configuration: Settings) -> Objects:
    address = configuration.attachments_address
    if address.startswith("file:"):
        folder = Path(url2pathname(urlsplit(address).path))
        return Objects(LocalStore(folder, mkdir=True, automatic_cleanup=True), LOCAL_PART, folder)
    endpoint, secret = configuration.object_store_endpoint, configuration.object_store_secret_access_key
    config: S3Config = {}
    if endpoint:
        config["endpoint"] = endpoint
    if configuration.object_store_region:
        config["region"] = configuration.object_store_region
    if configuration.object_store_access_key_id and secret:
        config["access_key_id"] = configuration.object_store_access_key_id
        config["secret_access_key"] = secret.get_secret_value()
    store = S3Store.from_url(
        address,
        config=config,
        client_options={"allow_http": (endpoint or "").startswith("http:"), "timeout": PATIENCE},
        retry_config={"max_retries": 3, "retry_timeout": PATIENCE},
    )
    return Objects(store, S3_PART)


def objects() -> Objects:
    """The store of the settings."""
    return _opened(settings())


def new_key() -> str:
    """A key that no object has; two letters stand apart, so that no folder grows without end."""
    name = uuid4().hex
    return f"{name[:2]}/{name}"


async def discard(keys: Sequence[str]) -> None:
    """Takes away objects that no row names any more; where that fails, the sweep does it later."""
    if not keys:
        return
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await objects().delete(keys)
    except (StoreUnavailable, TimeoutError):
        log.warning("objects_left_to_the_sweep", count=len(keys))
