"""The types of files that can be attached, by extension, media type and content.

Allowed are documents, images, invoices, tables and plain text; no executable files, and no Office files with macros.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from puremagic import PureError, magic_string


@dataclass(frozen=True, slots=True)
class FileSample:
    """The parts of a file by which its type is recognised.

    Attributes:
        head: Its first bytes.
        tail: Its last bytes.
        is_text: Whether the whole file can be text: it has no control characters except line breaks and tabs.
    """

    head: bytes
    tail: bytes
    is_text: bool


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file.

    Attributes:
        extensions: The extensions of its names, in lowercase with the dot.
        content_types: Its media types, the usual one first.
        matches: Can a file with this sample be of this type?
    """

    extensions: tuple[str, ...]
    content_types: tuple[str, ...]
    matches: Callable[[FileSample], bool]


def file_type_of(filename: str) -> FileType | None:
    """The type of file by its name; None for one that can't be attached."""
    return _BY_EXTENSION.get(PurePosixPath(filename).suffix.lower())


def _has_signature(*extensions: str) -> Callable[[FileSample], bool]:
    """Recognises files by the signatures of these extensions."""

    def matches(sample: FileSample) -> bool:
        try:
            matches = magic_string(sample.head)
        except PureError:
            return False
        return any(match.extension in extensions for match in matches)

    return matches


_is_zip: Final = _has_signature(".zip")
_is_pdf: Final = _has_signature(".pdf")


def _is_archive_with(*members: str) -> Callable[[FileSample], bool]:
    """Recognises ZIP archives with these members; the directory is at the end, and is found without the rest."""

    def matches(sample: FileSample) -> bool:
        if not _is_zip(sample):
            return False
        try:
            with ZipFile(BytesIO(sample.tail)) as archive:
                return set(members) <= set(archive.namelist())
        except (BadZipFile, ValueError, NotImplementedError):
            return False

    return matches


def _is_open_document(content_type: str) -> Callable[[FileSample], bool]:
    """Recognises archives whose first member, uncompressed, is their media type (OpenDocument 1.3, part 2, 3.3)."""
    is_archive, first_member = _is_archive_with("mimetype", "content.xml"), b"mimetype" + content_type.encode()

    def matches(sample: FileSample) -> bool:
        return sample.head[_FIRST_MEMBER : _FIRST_MEMBER + len(first_member)] == first_member and is_archive(sample)

    return matches


_FIRST_MEMBER: Final = 30
"""The offset of the name of an archive's first member."""


def _is_xml(sample: FileSample) -> bool:
    """Does an XML element begin in the head? Document types are refused: their entities can expand without end."""
    parser, elements = expat.ParserCreate(), []

    def refuse_document_type(*_declaration: object) -> None:
        raise ValueError

    parser.StartDoctypeDeclHandler = refuse_document_type
    parser.StartElementHandler = lambda name, _attributes: elements.append(name)
    try:
        parser.Parse(sample.head, False)  # noqa: FBT003  # expat takes it as a positional argument only
    except (expat.ExpatError, ValueError):
        return False
    return bool(elements)


def _is_text(sample: FileSample) -> bool:
    """Is it text, and no PDF, which may have no control characters either?"""
    return sample.is_text and not _is_pdf(sample)


def _office_type(extension: str, kind: str, main_part: str) -> FileType:
    content_type = f"application/vnd.openxmlformats-officedocument.{kind}"
    return FileType((extension,), (content_type,), _is_archive_with("[Content_Types].xml", main_part))


def _open_document_type(extension: str, kind: str) -> FileType:
    content_type = f"application/vnd.oasis.opendocument.{kind}"
    return FileType((extension,), (content_type,), _is_open_document(content_type))


def _image_type(content_type: str, *extensions: str) -> FileType:
    return FileType(extensions, (content_type,), _has_signature(*extensions))


FILE_TYPES: Final = (
    FileType((".pdf",), ("application/pdf",), _is_pdf),
    _image_type("image/jpeg", ".jpg", ".jpeg"),
    _image_type("image/png", ".png"),
    _image_type("image/gif", ".gif"),
    _image_type("image/tiff", ".tif", ".tiff"),
    _image_type("image/webp", ".webp"),
    _office_type(".docx", "wordprocessingml.document", "word/document.xml"),
    _office_type(".xlsx", "spreadsheetml.sheet", "xl/workbook.xml"),
    _office_type(".pptx", "presentationml.presentation", "ppt/presentation.xml"),
    _open_document_type(".odt", "text"),
    _open_document_type(".ods", "spreadsheet"),
    _open_document_type(".odp", "presentation"),
    FileType((".xml",), ("application/xml", "text/xml"), _is_xml),
    FileType((".txt",), ("text/plain",), _is_text),
    # `application/vnd.ms-excel`: browsers on a machine with Excel use it for CSV.
    FileType((".csv",), ("text/csv", "application/csv", "application/vnd.ms-excel", "text/plain"), _is_text),
)

_BY_EXTENSION: Final = {extension: kind for kind in FILE_TYPES for extension in kind.extensions}
EXTENSIONS: Final = ", ".join(_BY_EXTENSION)
"""The extensions of all files that can be attached, as a list for people."""
