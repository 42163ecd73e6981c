"""The object store of the attachments: a folder, or a bucket of Amazon S3 or of a compatible server.

Rows refer to objects by their storage key. An object is written whole under a new key and never changed, so a key
always means the same bytes, and an object that no row refers to can be deleted.
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

LOCAL_PART_BYTES: Final = 256 * 1024
S3_PART_BYTES: Final = 5 * 1024 * 1024
"""The size of the parts of an upload; S3 takes no smaller ones, except for the last."""
CONCURRENT_PARTS: Final = 1
"""How many parts of an upload are written at once; one more is buffered."""
CHUNK_BYTES: Final = 256 * 1024
"""The minimal size of the chunks that are read."""
TIMEOUT: Final = timedelta(seconds=30)
LIST_PAGE_SIZE: Final = 1000
UNFINISHED: Final = "*#*"
"""The names that obstore gives to files that it is writing in a folder: the key, and a number after the sign."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object in a listing: its key, and when it was written."""

    key: str
    written_at: datetime


class AttachmentStore:
    """An object store.

    Args:
        store: The store of obstore.
        part_bytes: The size of the parts of an upload.
        folder: The folder of a local store.
    """

    def __init__(self, store: ObjectStore, part_bytes: int, folder: Path | None = None) -> None:
        self._store = store
        self._part_bytes = part_bytes
        self._folder = folder

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """Writes an object from its chunks as they come; if they raise, nothing is left behind.

        Raises:
            StoreUnavailable: The store fails.
        """
        async with _translated_errors("put", key):
            await obstore.put_async(
                self._store,
                key,
                chunks,
                chunk_size=self._part_bytes,
                max_concurrency=CONCURRENT_PARTS,
                use_multipart=True,
            )

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes of an object from `start` up to, but not including, `end`, in chunks.

        Raises:
            StoreUnavailable: The store fails, or has lost the object.
        """
        async with _translated_errors("read", key):
            result = await obstore.get_async(self._store, key, options={"range": (start, end)})
            async for chunk in result.stream(min_chunk_size=CHUNK_BYTES):
                yield bytes(chunk)

    async def delete(self, keys: Sequence[str]) -> None:
        """Deletes objects; one that is gone already is no error.

        Raises:
            StoreUnavailable: The store fails.
        """
        for key in keys:
            async with _translated_errors("delete", key):
                try:
                    await obstore.delete_async(self._store, key)
                except FileNotFoundError:
                    log.debug("object_gone_already", key=key)

    async def list_pages(self) -> AsyncIterator[list[StoredObject]]:
        """Every object in the store, page by page.

        Raises:
            StoreUnavailable: The store fails.
        """
        async with _translated_errors("list", ""):
            async for page in obstore.list(self._store, chunk_size=LIST_PAGE_SIZE):
                yield [StoredObject(item["path"], item["last_modified"]) for item in page]

    async def delete_unfinished(self, before: datetime) -> int:
        """Deletes the files that killed processes left unfinished in a folder, and returns their number.

        A bucket hides unfinished uploads, and deletes them itself when it has a rule to.
        """
        folder = self._folder
        return 0 if folder is None else await asyncio.to_thread(_delete_unfinished, folder, before)


def _delete_unfinished(folder: Path, before: datetime) -> int:
    deleted = 0
    for path in folder.rglob(UNFINISHED):
        # Another process may finish the file, and so rename it, at this moment.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime <= before.timestamp():
                path.unlink()
                deleted += 1
    return deleted


@asynccontextmanager
async def _translated_errors(operation: str, key: str) -> AsyncIterator[None]:
    """Logs the errors of the store, and raises the refusal in their place."""
    try:
        yield
    except (BaseError, FileNotFoundError) as error:
        log.exception("object_store_failed", act=operation, key=key)
        raise StoreUnavailable from error


@lru_cache(maxsize=1)
def _open(configuration: Settings) -> AttachmentStore:
    if configuration.attachment_store_url.startswith("file:"):
        folder = Path(url2pathname(urlsplit(configuration.attachment_store_url).path))
        return AttachmentStore(LocalStore(folder, mkdir=True, automatic_cleanup=True), LOCAL_PART_BYTES, folder)
    return AttachmentStore(_open_bucket(configuration), S3_PART_BYTES)


def _open_bucket(configuration: Settings) -> S3Store:
    endpoint, secret = configuration.object_store_endpoint, configuration.object_store_secret_access_key
    config: S3Config = {}
    if endpoint:
        config["endpoint"] = endpoint
    if configuration.object_store_region:
        config["region"] = configuration.object_store_region
    if configuration.object_store_access_key_id and secret:
        config["access_key_id"] = configuration.object_store_access_key_id
        config["secret_access_key"] = secret.get_secret_value()
    return S3Store.from_url(
        configuration.attachment_store_url,
        config=config,
        client_options={"allow_http": (endpoint or "").startswith("http:"), "timeout": TIMEOUT},
        retry_config={"max_retries": 3, "retry_timeout": TIMEOUT},
    )


def attachment_store() -> AttachmentStore:
    """The store that is configured in the settings."""
    return _open(settings())


def new_key() -> str:
    """A new key; its first two letters are a folder, so that no folder gets too large."""
    name = uuid4().hex
    return f"{name[:2]}/{name}"


async def discard(keys: Sequence[str]) -> None:
    """Deletes objects that no row refers to any more; if that fails, a chore deletes them later."""
    if not keys:
        return
    try:
        async with asyncio.timeout(TIMEOUT.total_seconds()):
            await attachment_store().delete(keys)
    except (StoreUnavailable, TimeoutError):
        log.warning("objects_left_to_the_sweep", count=len(keys))
