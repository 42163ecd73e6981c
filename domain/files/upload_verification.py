"""Verification of an upload while it streams into the store: its size, SHA-256 and type."""

from collections.abc import AsyncIterator
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


class UploadVerifier:
    """Verifies the bytes of one file against its announcement.

    Args:
        filename: The announced name.
        size: The announced size in bytes.
        checksum: The announced SHA-256, in lowercase hexadecimal.
    """

    def __init__(self, filename: str, size: int, checksum: str) -> None:
        self._filename = filename
        self._size = size
        self._checksum = checksum
        self._digest = sha256()
        self._received = 0
        self._head = self._tail = b""
        self._is_text = True

    async def verified(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The chunks, unchanged; ends without an error only when the whole file is as announced.

        Raises:
            UploadTooLong: There are more bytes; those beyond the announced size are not yielded.
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
        if self._received > self._size:
            raise UploadTooLong(filename=self._filename, announced=self._size)
        self._digest.update(chunk)
        self._head += chunk[: HEAD_BYTES - len(self._head)]
        self._tail = chunk[-TAIL_BYTES:] if len(chunk) >= TAIL_BYTES else self._tail[len(chunk) - TAIL_BYTES :] + chunk
        self._is_text = self._is_text and len(chunk.translate(None, _CONTROL_BYTES)) == len(chunk)

    def _check(self) -> None:
        if self._received < self._size:
            raise UploadTooShort(filename=self._filename, announced=self._size, received=self._received)
        if self._digest.hexdigest() != self._checksum:
            raise ChecksumWrong(filename=self._filename)
        file_type = file_type_of(self._filename)
        if file_type is None or not file_type.matches(FileSample(self._head, self._tail, self._is_text)):
            raise ContentWrong(filename=self._filename)
