"""The files of the demo's documents: PDFs of one page that shows the document's title."""

from collections.abc import AsyncIterator
from datetime import datetime
from hashlib import sha256

from domain.files.object_store import attachment_store, new_key
from domain.models import Attachment, Document
from domain.rules.announced_file import AnnouncedFile
from local.demo_data.pdf_page import pdf_page


def announced_file(title: str, filename: str) -> AnnouncedFile:
    """The file of a document with that title, as the authority announces it."""
    content = pdf_page(title)
    return AnnouncedFile(filename, "application/pdf", len(content), sha256(content).hexdigest())


async def attach_file(document: Document, filename: str | None, moment: datetime) -> None:
    """Creates the document's attachment and stores its bytes; without a name there is none."""
    if filename is None:
        return
    file, key = announced_file(document.title, filename), new_key()
    await attachment_store().put(key, _chunks(pdf_page(document.title)))
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


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content
