"""Uploads of attachments: streamed into the store, verified on the way, and recorded when they are complete."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from domain.files.object_store import attachment_store, discard, new_key
from domain.files.upload_verification import UploadVerifier
from domain.models import Attachment
from domain.refusals import Refusal, UploadStalled, UploadTooLong, UploadTooShort
from domain.rules.upload import complete_upload, find_pending_upload
from gql.files.addresses import FileAddress
from gql.metrics import UPLOADED_BYTES

log = structlog.get_logger()

IDLE_TIMEOUT: Final = 60.0
"""Seconds between two chunks of a body."""


async def upload(request: Request, address: FileAddress) -> Response:
    """`PUT`: receives the content of one attachment.

    Raises:
        Refusal: No upload is expected, or it isn't the announced file; nothing is stored.
    """
    attachment = await find_pending_upload(actor=address.actor, attachment_id=address.attachment_id)
    _check_length(request, attachment)
    key = new_key()
    verifier = UploadVerifier(attachment.filename, attachment.size, attachment.sha256)
    try:
        await attachment_store().put(key, verifier.verified(_body_chunks(request, attachment)))
    except ClientDisconnect:
        log.info("upload_cut_off", attachment=attachment.id)
        return Response(status_code=400)
    await _store(address, attachment, key)
    UPLOADED_BYTES.inc(attachment.size)
    log.info("upload_kept", attachment=attachment.id, bytes=attachment.size)
    return Response(status_code=204, headers={"cache-control": "no-store"})


async def _store(address: FileAddress, attachment: Attachment, key: str) -> None:
    try:
        is_stored = await complete_upload(actor=address.actor, attachment_id=attachment.id, storage_key=key)
    except Refusal:
        await discard([key])
        raise
    # After any other error a row may refer to the object or not: the sweep finds out.
    if not is_stored:
        await discard([key])


def _check_length(request: Request, attachment: Attachment) -> None:
    """Refuses a wrong Content-Length before the body is read."""
    length = request.headers.get("content-length")
    if length is None or int(length) == attachment.size:
        return
    facts = {"filename": attachment.filename, "announced": attachment.size}
    if int(length) > attachment.size:
        raise UploadTooLong(**facts)
    raise UploadTooShort(**facts, received=int(length))


async def _body_chunks(request: Request, attachment: Attachment) -> AsyncIterator[bytes]:
    """The chunks of the body; the server receives more only as they are consumed (backpressure)."""
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(IDLE_TIMEOUT):
                chunk = await anext(stream, None)
        except TimeoutError:
            raise UploadStalled(filename=attachment.filename, seconds=int(IDLE_TIMEOUT)) from None
        if chunk is None:
            return
        yield chunk
