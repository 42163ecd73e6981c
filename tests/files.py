"""Small files of many types, and their announcements."""

from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from domain.rules.announced_file import AnnouncedFile

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20) + b"\xff\xd9"
UBL = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>VS-1</ID></Invoice>\n'
)
WINDOWS_EXECUTABLE = b"MZ\x90\x00" + bytes(200)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"


def zip_archive(*members: str, uncompressed: tuple[str, str] | None = None, compression: int = ZIP_DEFLATED) -> bytes:
    """A ZIP archive with members of these names; `uncompressed` is the name and content of a first one."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        if uncompressed:
            archive.writestr(*uncompressed)
        for name in members:
            archive.writestr(name, f"<{name}/>" * 20, compression)
    return buffer.getvalue()


DOCX = zip_archive("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = zip_archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")
ODT = zip_archive("content.xml", uncompressed=("mimetype", OPEN_TEXT))


def announcement(
    content: bytes = PDF, filename: str = "vorderingsstaat.pdf", content_type: str = "application/pdf"
) -> AnnouncedFile:
    """The announcement of a file with this content."""
    return AnnouncedFile(filename, content_type, len(content), sha256(content).hexdigest())


def large_pdf(size: int) -> bytes:
    """A PDF of `size` bytes, no two kilobytes of which are equal."""
    padding = b"".join(sha256(number.to_bytes(8)).digest() for number in range(size // 32 + 1))
    return (PDF + padding)[:size]
