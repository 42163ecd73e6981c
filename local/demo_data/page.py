"""A page of paper (A4) with one line of text, as a PDF: the smallest that every reader opens."""

from typing import Final

_HEADER: Final = b"%PDF-1.4\n"
_PAGE: Final = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
)
_FONT: Final = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def a_page(text: str) -> bytes:
    """The file; the text may have the letters of Western Europe."""
    shown = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    drawn = b"BT /F 18 Tf 72 760 Td (" + shown + b") Tj ET"
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn)
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return _written([b"<< /Type /Catalog /Pages 2 0 R >>", pages, _PAGE, stream, _FONT])


def _written(objects: list[bytes]) -> bytes:
    """The objects, numbered from 1, with the table of where each begins."""
    body, places = _HEADER, []
    for number, written in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n%s" % (size, table) + trailer
