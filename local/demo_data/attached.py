"""The files of the demo's documents: one page each, with the document's title on it."""

from collections.abc import AsyncIterator
from datetime import datetime
from hashlib import sha256

from domain.files.object_store import attachment_store, new_key
from domain.models import Attachment, Document
from domain.rules.announced_file import AnnouncedFile
from local.demo_data.page import a_page


def announced(title: str, filename: str) -> AnnouncedFile:
    """The file of a document with that title, as it was announced."""
    content = a_page(title)
    return AnnouncedFile(filename, "application/pdf", len(content), sha256(content).hexdigest())


async def attach(document: Document, filename: str | None, moment: datetime) -> None:
    """Makes the file of a document, and puts its bytes into the store; nothing where no file is named."""
    if filename is None:
        return
    file, key = announced(document.title, filename), new_key()
    await attachment_store().put(key, _pieces(a_page(document.title)))
    await Attachment.create(
        document=document,
        filename=file.filename,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        storage_key=key,
        created_at=moment,
        arrived_at=moment,
    )


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content
