"""Downloads of attachments, whole or in ranges; browsers save and never display them."""

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
from gql.files.addresses import FileAddress, require_active_client
from gql.metrics import DOWNLOADED_BYTES

log = structlog.get_logger()

REAUTHORIZATION_BYTES: Final = 4 * 1024 * 1024
"""Bytes after which the right is checked again during a download."""
_EMPTY_SUFFIX_RANGE: Final = re.compile(r"\s*bytes\s*=\s*-0+\s*", re.IGNORECASE)
_UNSATISFIABLE: Final = Range("bytes", [(sys.maxsize, None)])
"""Stands for the last 0 bytes, which are unsatisfiable (RFC 9110, 14.1.2) but which the library parses as no range."""
_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"


async def download(request: Request, address: FileAddress) -> Response:
    """`GET` and `HEAD`: the content of an attachment, or one range of it.

    Raises:
        NotFound: The viewer may not read it.
    """
    attachment = await readable_attachment(actor=address.actor, attachment_id=address.attachment_id)
    headers = _headers(attachment)
    if parse_etags(request.headers.get("if-none-match")).contains_weak(attachment.sha256):
        return Response(status_code=304, headers=headers)
    start, end, status = 0, attachment.size, 200
    requested = _requested_range(request, headers["etag"], attachment.size)
    if requested:
        satisfied = requested.range_for_length(attachment.size)
        if satisfied is None:
            return Response(status_code=416, headers={**headers, "content-range": f"bytes */{attachment.size}"})
        (start, end), status = satisfied, 206
        headers["content-range"] = f"bytes {start}-{end - 1}/{attachment.size}"
    headers["content-length"] = str(end - start)
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return _DownloadResponse(_authorized_content(address, attachment, start, end), status, headers)


class _DownloadResponse(StreamingResponse):
    """Ends early when the right ends: the server closes the connection of an incomplete response."""

    async def stream_response(self, send: Send) -> None:
        """Sends the content while the viewer may read it."""
        try:
            await super().stream_response(send)
        except (NotFound, StoreUnavailable) as refusal:
            log.warning("download_broken_off", refusal=refusal.name())


async def _authorized_content(
    address: FileAddress, attachment: Attachment, start: int, end: int
) -> AsyncIterator[bytes]:
    for begin in range(start, end, REAUTHORIZATION_BYTES):
        if begin > start:
            await require_active_client(address.actor)
            await readable_attachment(actor=address.actor, attachment_id=attachment.id)
        async for chunk in attachment_store().read(
            attachment.storage_key, begin, min(begin + REAUTHORIZATION_BYTES, end)
        ):
            DOWNLOADED_BYTES.inc(len(chunk))
            yield chunk


def _requested_range(request: Request, etag: str, size: int) -> Range | None:
    """The requested range; None for the whole, also where several are requested or the header is malformed.

    `HEAD` has no ranges (RFC 9110, 14.2).
    """
    if request.method != "GET" or request.headers.get("if-range", etag).strip() != etag:
        return None
    header = request.headers.get("range", "")
    requested = _UNSATISFIABLE if _EMPTY_SUFFIX_RANGE.fullmatch(header) else parse_range_header(header)
    if not requested or requested.units != "bytes" or len(requested.ranges) != 1:
        return None
    [(start, end)] = requested.ranges
    # A suffix range longer than the file is the whole file; the library would find it unsatisfiable.
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
