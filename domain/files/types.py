"""Which files can be attached: by the extension of their name, their media type, and what their bytes are.

Documents, drawings as pictures, invoices, tables and plain text; nothing that a program runs, and no Office files that
may hold macros.
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
class Ends:
    """What is kept of a file while its bytes pass.

    Attributes:
        head: Its first bytes.
        tail: Its last bytes.
        plain: Whether all of it can be text: no byte of it is a control character other than breaks and tabs.
    """

    head: bytes
    tail: bytes
    plain: bool


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file.

    Attributes:
        extensions: The ends of its names, in small letters with the dot.
        content_types: Its media types, the usual one first.
        recognised: Can a file with these ends be one?
    """

    extensions: tuple[str, ...]
    content_types: tuple[str, ...]
    recognised: Callable[[Ends], bool]


def file_type_of(filename: str) -> FileType | None:
    """The kind of file that a name tells; None for one that can't be attached."""
    return _BY_EXTENSION.get(PurePosixPath(filename).suffix.lower())


def _signed(*extensions: str) -> Callable[[Ends], bool]:
    """Begins (or ends) as files with one of these extensions do."""

    def recognised(ends: Ends) -> bool:
        try:
            matches = magic_string(ends.head)
        except PureError:
            return False
        return any(match.extension in extensions for match in matches)

    return recognised


_is_zip: Final = _signed(".zip")
_is_pdf: Final = _signed(".pdf")


def _archive(*members: str) -> Callable[[Ends], bool]:
    """A ZIP archive with these members; its directory stands at the end, and is found without the rest."""

    def recognised(ends: Ends) -> bool:
        if not _is_zip(ends):
            return False
        try:
            with ZipFile(BytesIO(ends.tail)) as archive:
                return set(members) <= set(archive.namelist())
        except (BadZipFile, ValueError, NotImplementedError):
            return False

    return recognised


def _open_document(content_type: str) -> Callable[[Ends], bool]:
    """An archive whose first member, which is not packed, tells its media type (OpenDocument 1.3, part 2, 3.3)."""
    is_archive, told = _archive("mimetype", "content.xml"), b"mimetype" + content_type.encode()

    def recognised(ends: Ends) -> bool:
        return ends.head[_MEMBER_NAME : _MEMBER_NAME + len(told)] == told and is_archive(ends)

    return recognised


_MEMBER_NAME: Final = 30
"""Where the name of an archive's first member stands."""


def _xml(ends: Ends) -> bool:
    """XML as far as its beginning tells: an element begins; a document type, which can make a bomb, is refused."""
    parser, begun = expat.ParserCreate(), []

    def refuse(*_declaration: object) -> None:
        raise ValueError

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, _attributes: begun.append(name)
    try:
        parser.Parse(ends.head, False)  # noqa: FBT003  # expat takes it by place only
    except (expat.ExpatError, ValueError):
        return False
    return bool(begun)


def _text(ends: Ends) -> bool:
    """Text, and no PDF, which may hold no control character either."""
    return ends.plain and not _is_pdf(ends)


def _office(extension: str, kind: str, main: str) -> FileType:
    content_type = f"application/vnd.openxmlformats-officedocument.{kind}"
    return FileType((extension,), (content_type,), _archive("[Content_Types].xml", main))


def _open_office(extension: str, kind: str) -> FileType:
    content_type = f"application/vnd.oasis.opendocument.{kind}"
    return FileType((extension,), (content_type,), _open_document(content_type))


def _picture(content_type: str, *extensions: str) -> FileType:
    return FileType(extensions, (content_type,), _signed(*extensions))


FILE_TYPES: Final = (
    FileType((".pdf",), ("application/pdf",), _is_pdf),
    _picture("image/jpeg", ".jpg", ".jpeg"),
    _picture("image/png", ".png"),
    _picture("image/gif", ".gif"),
    _picture("image/tiff", ".tif", ".tiff"),
    _picture("image/webp", ".webp"),
    _office(".docx", "wordprocessingml.document", "word/document.xml"),
    _office(".xlsx", "spreadsheetml.sheet", "xl/workbook.xml"),
    _office(".pptx", "presentationml.presentation", "ppt/presentation.xml"),
    _open_office(".odt", "text"),
    _open_office(".ods", "spreadsheet"),
    _open_office(".odp", "presentation"),
    FileType((".xml",), ("application/xml", "text/xml"), _xml),
    FileType((".txt",), ("text/plain",), _text),
    # Browsers on a machine with Excel call it so.
    FileType((".csv",), ("text/csv", "application/csv", "application/vnd.ms-excel", "text/plain"), _text),
)

_BY_EXTENSION: Final = {extension: kind for kind in FILE_TYPES for extension in kind.extensions}
EXTENSIONS: Final = ", ".join(_BY_EXTENSION)
"""The extensions of all files that can be attached, to be told."""
