"""Files that are announced before their bytes are uploaded, and how an announcement is checked (domain section 5)."""

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
"""Invisible characters that scripts and emoji need, to join letters and pictures or keep them apart."""
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

    def normalised(self) -> "AnnouncedFile":
        """The file as it is stored: without differences of case, space and media type parameters."""
        return AnnouncedFile(
            unicodedata.normalize("NFC", self.filename),
            self.content_type.partition(";")[0].strip().lower(),
            self.size,
            self.sha256.strip().lower(),
        )


def check_files(findings: Findings, files: Sequence[AnnouncedFile], *path: str) -> list[AnnouncedFile]:
    """The files of a document as they are stored; refusals are added to `findings`.

    Args:
        findings: Where refusals are added.
        files: All files that are announced.
        path: The input field that lists them.
    """
    maximum = settings().attachments_per_document
    if len(files) > maximum:
        findings.add(TooManyAttachments(*path, maximum=maximum))
        return []
    checked = [check_file(findings, file, *path, number) for number, file in enumerate(files)]
    for number, file in enumerate(checked):
        if any(same_filename(file.filename, other.filename) for other in checked[:number]):
            findings.add(FilenameTaken(*path, number, "filename", filename=file.filename))
    return checked


def check_file(findings: Findings, file: AnnouncedFile, *path: str | int) -> AnnouncedFile:
    """The file as it is stored; refusals are added to `findings`."""
    normalised = file.normalised()
    filename = _checked_filename(findings, normalised.filename, *path, "filename")
    kind = file_type_of(filename)
    if filename and kind is None:
        findings.add(FileTypeNotAllowed(*path, "filename", filename=filename, possible=EXTENSIONS))
    elif kind and normalised.content_type not in kind.content_types:
        facts = {"content_type": file.content_type, "filename": filename, "possible": ", ".join(kind.content_types)}
        findings.add(ContentTypeMismatch(*path, "contentType", **facts))
    if file.size < 1:
        findings.add(FileEmpty(*path, "size"))
    elif file.size > settings().max_attachment_bytes:
        findings.add(FileTooLarge(*path, "size", maximum=settings().attachment_megabytes))
    if not SHA256.fullmatch(normalised.sha256):
        findings.add(ChecksumInvalid(*path, "sha256"))
    return replace(normalised, filename=filename)


def same_filename(first: str, second: str) -> bool:
    """Would the two overwrite each other on a case-insensitive file system?"""
    return bool(first) and first.casefold() == second.casefold()


async def create_attachments(
    act: ActorTransaction, document: Document, files: Sequence[AnnouncedFile]
) -> list[Attachment]:
    """Creates the attachments of a document, whose bytes are still to be uploaded; two statements for any number."""
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
    created = Attachment.filter(storage_key__in=[row.storage_key for row in rows])
    return await created.order_by("id").using_db(act.database)


def _checked_filename(findings: Findings, filename: str, *path: str | int) -> str:
    """The name without surrounding space; empty if it is no file name, which is refused in `findings`."""
    refusals_before = len(findings.refusals)
    name = required_text(findings, filename, *path)
    if len(findings.refusals) > refusals_before:
        return ""
    if SEPARATORS & set(name) or name.startswith(".") or any(map(_is_invisible, name)):
        findings.add(FilenameInvalid(*path))
        return ""
    return name


def _is_invisible(character: str) -> bool:
    """Is the character invisible, or does it reorder its neighbours, so that the extension appears to be another?"""
    return unicodedata.category(character) == "Cf" and character not in JOINING
