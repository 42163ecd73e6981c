"""A mail's octets, put together by hand where the standard library takes milliseconds, and read back by it in tests.

Lines end in CRLF and stay within 998 octets (RFC 5322, 2.1.1). What never changes in a head, and every text in it that
is not short and plain, is written by the standard library (RFC 2047).
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

LONGEST_LINE: Final = 998
LINE: Final = 78
"""Characters that a line of a head should stay within (RFC 5322, 2.1.1)."""
# An encoded word begins with =?, and plain text that looks like one must not be read as one.
_PLAIN: Final = re.compile(r"(?!.*=\?)[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_BREAK: Final = re.compile(r"\r\n|\r|\n")
_DENSE: Final = 6
"""Where more than one octet in so many is not ASCII, base64 is the shorter of the two encodings."""


def text_field(name: str, text: str) -> bytes:
    """A field of the head whose text may hold anything but line breaks, folded and encoded by need."""
    if len(name) + len(text) + 2 <= LINE and _PLAIN.fullmatch(text):
        return f"{name}: {text}\r\n".encode("ascii")
    return _encoded_field(name, text)


@lru_cache(maxsize=256)
def _encoded_field(name: str, text: str) -> bytes:
    encoded = Header(" ".join(_BREAK.split(text)), "utf-8", maxlinelen=LINE, header_name=name).encode(linesep="\r\n")
    return f"{name}: {encoded}\r\n".encode("ascii")


def fields(head: Message) -> bytes:
    """The fields of a head as the standard library writes them."""
    return head.as_bytes(policy=SMTP).partition(b"\r\n\r\n")[0] + b"\r\n"


@lru_cache(maxsize=64)
def date_field(moment: datetime) -> bytes:
    """The Date."""
    return f"Date: {format_datetime(moment)}\r\n".encode("ascii")


def alternatives(head: bytes, text: str, html: str, seed: str, *, eight_bit: bool) -> bytes:
    """A mail with two bodies that say the same.

    Args:
        head: The fields of the head that don't speak of the bodies, each with its CRLF.
        text: The plain one.
        html: The other one.
        seed: What nobody knew who wrote the bodies; the same gives the same mail, octet for octet.
        eight_bit: Whether octets beyond ASCII may travel as they are (8BITMIME).
    """
    boundary = b"=_" + blake2b(seed.encode(), digest_size=16).hexdigest().encode("ascii")
    return b"".join(
        (
            head,
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


def _part(kind: bytes, text: str, *, eight_bit: bool) -> tuple[bytes, ...]:
    lines = _BREAK.sub("\n", text) if "\r" in text else text
    encoding, body = _encoded(lines.replace("\n", "\r\n").encode("utf-8", "replace"), eight_bit=eight_bit)
    head = b"\r\nContent-Type: text/%b; charset=utf-8\r\nContent-Transfer-Encoding: %b\r\n\r\n" % (kind, encoding)
    return head, body


def _encoded(octets: bytes, *, eight_bit: bool) -> tuple[bytes, bytes]:
    """The name of an encoding that these lines can travel in, and the lines in it."""
    ascii_only = octets.isascii()
    if (ascii_only or eight_bit) and b"\0" not in octets and max(map(len, octets.split(b"\r\n"))) <= LONGEST_LINE:
        return b"7bit" if ascii_only else b"8bit", octets
    if _beyond_ascii(octets) * _DENSE > len(octets):
        return b"base64", base64.encodebytes(octets).rstrip(b"\n").replace(b"\n", b"\r\n")
    printable = binascii.b2a_qp(octets.replace(b"\r\n", b"\n"), istext=True)
    return b"quoted-printable", printable.replace(b"\n", b"\r\n")


def _beyond_ascii(octets: bytes) -> int:
    return len(octets) - len(octets.decode("ascii", "ignore"))
