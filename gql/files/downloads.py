"""Bytes that go out: whole or in ranges, as an attachment that no browser shows by itself."""

import re
import sys
from collections.abc import AsyncIterator
from email.message import Message
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Send
from werkzeug.datastructures import Range
from werkzeug.http import parse_etags, parse_range_header

from domain.files.object_store import attachment_store
from domain.models import Attachment
from domain.refusals import NotFound, StoreUnavailable
from domain.rules.download import readable_attachment
from gql.files.addresses import FileAddress, require_known
from gql.metrics import DOWNLOADED_BYTES

log = structlog.get_logger()

STRETCH: Final = 4 * 1024 * 1024
"""Bytes after which the right is asked again in the middle of a download."""
_LAST_OF_NONE: Final = re.compile(r"\s*bytes\s*=\s*-0+\s*", re.IGNORECASE)
_BEYOND: Final = Range("bytes", [(sys.maxsize, None)])
"""The last 0 bytes can't be given (RFC 9110, 14.1.2), like bytes that no file has; the library finds no range in it."""
_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"


async def download(request: Request, address: FileAddress) -> Response:
    """`GET` and `HEAD`: gives the bytes of one attachment.

    Raises:
        NotFound: The viewer may not read it, or not any more.
    """
    attachment = await readable_attachment(actor=address.actor, attachment_id=address.attachment_id)
    headers = _headers(attachment)
    if parse_etags(request.headers.get("if-none-match")).contains_weak(attachment.sha256):
        return Response(status_code=304, headers=headers)
    start, end, status = 0, attachment.size, 200
    asked = _range(request, headers["etag"], attachment.size)
    if asked:
        part = asked.range_for_length(attachment.size)
        if part is None:
            return Response(status_code=416, headers={**headers, "content-range": f"bytes */{attachment.size}"})
        (start, end), status = part, 206
        headers["content-range"] = f"bytes {start}-{end - 1}/{attachment.size}"
    headers["content-length"] = str(end - start)
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return _Download(_bytes(address, attachment, start, end), status, headers)


class _Download(StreamingResponse):
    """Breaks off where the right ends: without its last part the server closes the connection."""

    async def stream_response(self, send: Send) -> None:
        """Sends the bytes, as far as they are the viewer's."""
        try:
            await super().stream_response(send)
        except (NotFound, StoreUnavailable) as refusal:
            log.warning("download_broken_off", refusal=refusal.name())


async def _bytes(address: FileAddress, attachment: Attachment, start: int, end: int) -> AsyncIterator[bytes]:
    for begin in range(start, end, STRETCH):
        if begin > start:
            await require_known(address.actor)
            await readable_attachment(actor=address.actor, attachment_id=attachment.id)
        async for piece in attachment_store().read(attachment.storage_key, begin, min(begin + STRETCH, end)):
            DOWNLOADED_BYTES.inc(len(piece))
            yield piece


def _range(request: Request, etag: str, size: int) -> Range | None:
    """The one range that is asked for, of the file that this one still is; several, or rubbish, mean the whole.

    `HEAD` knows no ranges (RFC 9110, 14.2).
    """
    if request.method != "GET" or request.headers.get("if-range", etag).strip() != etag:
        return None
    header = request.headers.get("range", "")
    asked = _BEYOND if _LAST_OF_NONE.fullmatch(header) else parse_range_header(header)
    if not asked or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    [(start, end)] = asked.ranges
    # The last so many bytes of a file that has fewer are all of it, which the library takes for bytes beyond its end.
    return Range("bytes", [(max(start, -size), end)])


def _headers(attachment: Attachment) -> dict[str, str]:
    disposition = Message()
    disposition.add_header("content-disposition", "attachment", filename=("utf-8", "", attachment.filename))
    return {
        "accept-ranges": "bytes",
        "cache-control": "private, no-store",
        "content-disposition": str(disposition["content-disposition"]),
        "content-security-policy": _POLICY,
        "content-type": attachment.content_type,
        "cross-origin-resource-policy": "same-site",
        "etag": f'"{attachment.sha256}"',
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
