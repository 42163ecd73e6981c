"""Writes mails as MIME: by hand where the standard library takes milliseconds, and read back by it in the tests.

Lines end in CRLF and have 998 octets at most (RFC 5322, 2.1.1). The headers that never change, and texts that are not
short and plain ASCII, are encoded by the standard library (RFC 2047).
"""

import base64
import binascii
import re
from datetime import datetime
from email.header import Header
from email.message import Message
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Final

MAX_LINE_LENGTH: Final = 998
FOLDED_LINE_LENGTH: Final = 78
"""Characters that a line of the headers should have at most (RFC 5322, 2.1.1)."""
# An encoded word begins with =?, and plain text that looks like one must not be read as one.
_PLAIN_TEXT: Final = re.compile(r"(?!.*=\?)[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")
_BASE64_DIVISOR: Final = 6
"""Where more than one octet in this many is not ASCII, base64 is shorter than quoted-printable."""


def encode_text_header(name: str, text: str) -> bytes:
    """A header with any text but line breaks, folded and encoded where needed."""
    if len(name) + len(text) + 2 <= FOLDED_LINE_LENGTH and _PLAIN_TEXT.fullmatch(text):
        return f"{name}: {text}\r\n".encode("ascii")
    return _fold_and_encode(name, text)


@lru_cache(maxsize=256)
def _fold_and_encode(name: str, text: str) -> bytes:
    header = Header(" ".join(_LINE_BREAK.split(text)), "utf-8", maxlinelen=FOLDED_LINE_LENGTH, header_name=name)
    encoded = header.encode(linesep="\r\n")
    return f"{name}: {encoded}\r\n".encode("ascii")


def encode_headers(message: Message) -> bytes:
    """The headers of a message, encoded by the standard library."""
    return message.as_bytes(policy=SMTP).partition(b"\r\n\r\n")[0] + b"\r\n"


@lru_cache(maxsize=64)
def encode_date_header(moment: datetime) -> bytes:
    """The Date header."""
    return f"Date: {format_datetime(moment)}\r\n".encode("ascii")


def multipart_alternative(headers: bytes, text: str, html: str, seed: str, *, eight_bit: bool) -> bytes:
    """A mail with two alternative bodies.

    Args:
        headers: The headers that are not about the bodies, each with its CRLF.
        text: The plain text body.
        html: The HTML body.
        seed: Determines the boundary, so that the same seed gives the same octets; must be unknown to the authors of
            texts in the bodies.
        eight_bit: Whether octets beyond ASCII may be sent unencoded (8BITMIME).
    """
    boundary = b"=_" + blake2b(seed.encode(), digest_size=16).hexdigest().encode("ascii")
    return b"".join(
        (
            headers,
            b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="',
            boundary,
            b'"\r\n\r\n--',
            boundary,
            *_part(b"plain", text, eight_bit=eight_bit),
            b"\r\n--",
            boundary,
            *_part(b"html", html, eight_bit=eight_bit),
            b"\r\n--",
            boundary,
            b"--\r\n",
        )
    )


def _part(subtype: bytes, text: str, *, eight_bit: bool) -> tuple[bytes, ...]:
    lines = _LINE_BREAK.sub("\n", text) if "\r" in text else text
    encoding, body = _encode_body(lines.replace("\n", "\r\n").encode("utf-8", "replace"), eight_bit=eight_bit)
    headers = b"\r\nContent-Type: text/%b; charset=utf-8\r\nContent-Transfer-Encoding: %b\r\n\r\n" % (subtype, encoding)
    return headers, body


def _encode_body(octets: bytes, *, eight_bit: bool) -> tuple[bytes, bytes]:
    """The content transfer encoding for a body, and the body so encoded."""
    is_ascii = octets.isascii()
    if (is_ascii or eight_bit) and b"\0" not in octets and max(map(len, octets.split(b"\r\n"))) <= MAX_LINE_LENGTH:
        return b"7bit" if is_ascii else b"8bit", octets
    if _count_non_ascii(octets) * _BASE64_DIVISOR > len(octets):
        return b"base64", base64.encodebytes(octets).rstrip(b"\n").replace(b"\n", b"\r\n")
    quoted_printable = binascii.b2a_qp(octets.replace(b"\r\n", b"\n"), istext=True)
    return b"quoted-printable", quoted_printable.replace(b"\n", b"\r\n")


def _count_non_ascii(octets: bytes) -> int:
    return len(octets) - len(octets.decode("ascii", "ignore"))
