"""A file on its way into the store: counted, summed and recognised while it passes, and stopped when it's not right."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from domain.files.types import Ends, file_type_of
from domain.refusals import ChecksumWrong, ContentWrong, UploadTooLong, UploadTooShort

HEAD: Final = 64 * 1024
TAIL: Final = 256 * 1024
"""Bytes kept of a file's beginning and end: enough for the directory of an Office file with thousands of members."""
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\f\r"))
"""The bytes that no text holds, whatever it is written in: UTF-8, Windows-1252 or one of their kin."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What was announced of a file: its name, size in bytes and SHA-256 in small hexadecimal letters."""

    filename: str
    size: int
    sha256: str


class Passage:
    """The way of one file's bytes into the store.

    Args:
        announced: What was announced.
    """

    def __init__(self, announced: Announced) -> None:
        self._announced = announced
        self._sum = sha256()
        self._received = 0
        self._head = self._tail = b""
        self._plain = True

    async def of(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The pieces, unchanged; the end comes only when all of it is as it was announced.

        Raises:
            UploadTooLong: There is more; nothing is taken beyond what was announced.
            UploadTooShort: There is less.
            ChecksumWrong: It is something else.
            ContentWrong: It isn't a file of the kind that its name tells.
        """
        async for piece in pieces:
            self._see(piece)
            if piece:
                yield piece
        self._check()

    def _see(self, piece: bytes) -> None:
        self._received += len(piece)
        if self._received > self._announced.size:
            raise UploadTooLong(filename=self._announced.filename, announced=self._announced.size)
        self._sum.update(piece)
        self._head += piece[: HEAD - len(self._head)]
        self._tail = piece[-TAIL:] if len(piece) >= TAIL else self._tail[len(piece) - TAIL :] + piece
        self._plain = self._plain and len(piece.translate(None, _CONTROLS)) == len(piece)

    def _check(self) -> None:
        filename, announced = self._announced.filename, self._announced.size
        if self._received < announced:
            raise UploadTooShort(filename=filename, announced=announced, received=self._received)
        if self._sum.hexdigest() != self._announced.sha256:
            raise ChecksumWrong(filename=filename)
        kind = file_type_of(filename)
        if kind is None or not kind.recognised(Ends(self._head, self._tail, self._plain)):
            raise ContentWrong(filename=filename)
