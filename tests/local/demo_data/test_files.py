"""The files of the demo's documents are in the object store, and match their rows."""

from hashlib import sha256

import pytest

from domain.files.file_types import FileSample, file_type_of
from domain.files.object_store import attachment_store
from domain.models import Attachment, DocumentStatus
from local.demo_data.load import load_demo_data
from local.demo_data.pdf_page import pdf_page
from tests.stores import FolderStore

STATUSES = {DocumentStatus.DRAFT, DocumentStatus.SENT, DocumentStatus.RECEIVED}


@pytest.mark.usefixtures("database")
async def test_every_file_is_in_the_store_as_announced(folder_store: FolderStore):
    await load_demo_data()
    attachments = await Attachment.all().prefetch_related("document")

    assert {attachment.document.status for attachment in attachments} == STATUSES
    assert folder_store.keys() == {attachment.storage_key for attachment in attachments}
    for attachment in attachments:
        content = b"".join(
            [piece async for piece in attachment_store().read(attachment.storage_key, 0, attachment.size)]
        )
        file_type = file_type_of(attachment.filename)
        assert (attachment.size, attachment.sha256) == (len(content), sha256(content).hexdigest())
        assert file_type is not None
        assert file_type.matches(FileSample(content, content, is_text=True))


def test_a_pdf_page_has_the_right_offsets_and_lengths():
    content = pdf_page("Réception (voorlopig) \\ 1")

    table_offset = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    entries = content[table_offset:].split(b"\n")[2:8]
    for number, entry in enumerate(entries[1:], 1):
        assert content[int(entry[:10]) :].startswith(b"%d 0 obj\n" % number)
    assert r"(Réception \(voorlopig\) \\ 1) Tj".encode("cp1252") in content
    length = int(content.split(b"/Length ")[1].split()[0])
    assert content.split(b"stream\n")[1][:length].endswith(b"ET")
