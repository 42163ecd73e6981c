"""Files that are announced before their bytes come: what of an announcement is right (domain section 5)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.actor_transaction import ActorTransaction
from domain.files.file_types import EXTENSIONS, file_type_of
from domain.files.object_store import new_key
from domain.models import Attachment, Document
from domain.refusals import (
    ChecksumInvalid,
    ContentTypeMismatch,
    FileEmpty,
    FilenameInvalid,
    FilenameTaken,
    FileTooLarge,
    FileTypeNotAllowed,
    Findings,
    TooManyAttachments,
)
from domain.text_fields import required_text
from settings import settings

SEPARATORS: Final = frozenset("/\\")
JOINING: Final = frozenset("\u200c\u200d")
"""Signs that nobody sees, and by which letters and pictures are written together or apart."""
SHA256: Final = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class AnnouncedFile:
    """A file that is announced.

    Attributes:
        filename: Its name, without folders.
        content_type: Its media type, such as `application/pdf`.
        size: Its size in bytes.
        sha256: The SHA-256 of its bytes, in hexadecimal.
    """

    filename: str
    content_type: str
    size: int
    sha256: str

    def as_kept(self) -> "AnnouncedFile":
        """The same file in the notation that is kept: capitals, space and parameters make no other one of it."""
        return AnnouncedFile(
            unicodedata.normalize("NFC", self.filename),
            self.content_type.partition(";")[0].strip().lower(),
            self.size,
            self.sha256.strip().lower(),
        )


def checked_files(findings: Findings, given: Sequence[AnnouncedFile], *path: str) -> list[AnnouncedFile]:
    """All files of a document in the form that they are kept in; what is wrong with them is added to `findings`.

    Args:
        findings: Where it is noted.
        given: The files that are announced.
        path: The input field that lists them.
    """
    maximum = settings().attachments_per_document
    if len(given) > maximum:
        findings.add(TooManyAttachments(*path, maximum=maximum))
        return []
    checked = [checked_file(findings, file, *path, number) for number, file in enumerate(given)]
    for number, file in enumerate(checked):
        if any(same_name(file.filename, other.filename) for other in checked[:number]):
            findings.add(FilenameTaken(*path, number, "filename", filename=file.filename))
    return checked


def checked_file(findings: Findings, file: AnnouncedFile, *path: str | int) -> AnnouncedFile:
    """The file in the form that it is kept in; what is wrong with it is added to `findings`."""
    kept = file.as_kept()
    filename = _filename(findings, kept.filename, *path, "filename")
    kind = file_type_of(filename)
    if filename and kind is None:
        findings.add(FileTypeNotAllowed(*path, "filename", filename=filename, possible=EXTENSIONS))
    elif kind and kept.content_type not in kind.content_types:
        facts = {"content_type": file.content_type, "filename": filename, "possible": ", ".join(kind.content_types)}
        findings.add(ContentTypeMismatch(*path, "contentType", **facts))
    if file.size < 1:
        findings.add(FileEmpty(*path, "size"))
    elif file.size > settings().attachment_bytes:
        findings.add(FileTooLarge(*path, "size", maximum=settings().attachment_megabytes))
    if not SHA256.fullmatch(kept.sha256):
        findings.add(ChecksumInvalid(*path, "sha256"))
    return replace(kept, filename=filename)


def same_name(one: str, other: str) -> bool:
    """Would the two overwrite each other on a machine that knows no capitals?"""
    return bool(one) and one.casefold() == other.casefold()


async def announce(act: ActorTransaction, document: Document, files: Sequence[AnnouncedFile]) -> list[Attachment]:
    """The attachments of a document whose bytes are to come, in two statements for any number."""
    moment = await act.now()
    rows = [
        Attachment(
            document_id=document.id,
            filename=file.filename,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            storage_key=new_key(),
            created_at=moment,
        )
        for file in files
    ]
    await Attachment.bulk_create(rows, using_db=act.database)
    made = Attachment.filter(storage_key__in=[row.storage_key for row in rows])
    return await made.order_by("id").using_db(act.database)


def _filename(findings: Findings, given: str, *path: str | int) -> str:
    """The name without space around it; empty when it is none, which is noted."""
    before = len(findings.refusals)
    name = required_text(findings, given, *path)
    if len(findings.refusals) > before:
        return ""
    if SEPARATORS & set(name) or name.startswith(".") or any(map(_is_hidden, name)):
        findings.add(FilenameInvalid(*path))
        return ""
    return name


def _is_hidden(sign: str) -> bool:
    """Does nobody see it, or does it move what stands beside it, so that a name seems to have another extension?"""
    return unicodedata.category(sign) == "Cf" and sign not in JOINING
