"""The smallest PDF that every reader opens: an A4 page with one line of text."""

from typing import Final

_HEADER: Final = b"%PDF-1.4\n"
_PAGE: Final = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
)
_FONT: Final = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf_page(text: str) -> bytes:
    """The file's bytes; the text may use the characters of Windows-1252."""
    escaped_text = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    drawing = b"BT /F 18 Tf 72 760 Td (" + escaped_text + b") Tj ET"
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing)
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return _serialize([b"<< /Type /Catalog /Pages 2 0 R >>", pages, _PAGE, stream, _FONT])


def _serialize(objects: list[bytes]) -> bytes:
    """A file of the objects, numbered from 1, with the cross-reference table of their offsets."""
    body, offsets = _HEADER, []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n%s" % (size, table) + trailer
