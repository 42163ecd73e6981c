"""Verification of an upload while it streams into the store: its size, SHA-256 and type."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from domain.files.file_types import FileSample, file_type_of
from domain.refusals import ChecksumWrong, ContentWrong, UploadTooLong, UploadTooShort

HEAD_BYTES: Final = 64 * 1024
TAIL_BYTES: Final = 256 * 1024
"""Bytes that are sampled of a file's beginning and end: enough for the directory of an Office file with thousands of
members."""
_CONTROL_BYTES: Final = bytes(set(range(32)) - set(b"\t\n\f\r"))
"""The bytes that no text holds in any encoding: UTF-8, Windows-1252 or similar."""


@dataclass(frozen=True, slots=True)
class AnnouncedFile:
    """A file as it was announced: its name, size in bytes and SHA-256 in lowercase hexadecimal."""

    filename: str
    size: int
    sha256: str


class UploadVerifier:
    """Verifies the bytes of one file against its announcement.

    Args:
        announced: The announcement.
    """

    def __init__(self, announced: AnnouncedFile) -> None:
        self._announced = announced
        self._digest = sha256()
        self._received = 0
        self._head = self._tail = b""
        self._is_text = True

    async def verified(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The chunks, unchanged; ends without an error only when the whole file is as announced.

        Raises:
            UploadTooLong: There are more bytes; none is passed on beyond the announced size.
            UploadTooShort: There are fewer bytes.
            ChecksumWrong: The SHA-256 differs.
            ContentWrong: The content doesn't match the extension.
        """
        async for chunk in chunks:
            self._update(chunk)
            if chunk:
                yield chunk
        self._check()

    def _update(self, chunk: bytes) -> None:
        self._received += len(chunk)
        if self._received > self._announced.size:
            raise UploadTooLong(filename=self._announced.filename, announced=self._announced.size)
        self._digest.update(chunk)
        self._head += chunk[: HEAD_BYTES - len(self._head)]
        self._tail = chunk[-TAIL_BYTES:] if len(chunk) >= TAIL_BYTES else self._tail[len(chunk) - TAIL_BYTES :] + chunk
        self._is_text = self._is_text and len(chunk.translate(None, _CONTROL_BYTES)) == len(chunk)

    def _check(self) -> None:
        filename, announced = self._announced.filename, self._announced.size
        if self._received < announced:
            raise UploadTooShort(filename=filename, announced=announced, received=self._received)
        if self._digest.hexdigest() != self._announced.sha256:
            raise ChecksumWrong(filename=filename)
        file_type = file_type_of(filename)
        if file_type is None or not file_type.matches(FileSample(self._head, self._tail, self._is_text)):
            raise ContentWrong(filename=filename)
