"""Bytes that come in: streamed into the store, checked on the way, and kept when all of them are right."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from domain.files.object_store import attachment_store, discard, new_key
from domain.files.upload_verification import AnnouncedFile, UploadVerifier
from domain.models import Attachment
from domain.refusals import Refusal, UploadStalled, UploadTooLong, UploadTooShort
from domain.rules.upload import awaited_upload, keep_upload
from gql.files.addresses import FileAddress
from gql.metrics import UPLOADED_BYTES

log = structlog.get_logger()

PATIENCE: Final = 60.0
"""Seconds that a client may be silent in the middle of a file."""


async def upload(request: Request, address: FileAddress) -> Response:
    """`PUT`: takes the bytes of one attachment.

    Raises:
        Refusal: They are not to be brought, or not as announced; nothing of them is kept.
    """
    attachment = await awaited_upload(actor=address.actor, attachment_id=address.attachment_id)
    _check_length(request, attachment)
    key = new_key()
    announced = AnnouncedFile(attachment.filename, attachment.size, attachment.sha256)
    try:
        await attachment_store().put(key, UploadVerifier(announced).verified(_pieces(request, attachment)))
    except ClientDisconnect:
        log.info("upload_cut_off", attachment=attachment.id)
        return Response(status_code=400)
    await _keep(address, attachment, key)
    UPLOADED_BYTES.inc(attachment.size)
    log.info("upload_kept", attachment=attachment.id, bytes=attachment.size)
    return Response(status_code=204, headers={"cache-control": "no-store"})


async def _keep(address: FileAddress, attachment: Attachment, key: str) -> None:
    try:
        kept = await keep_upload(actor=address.actor, attachment_id=attachment.id, storage_key=key)
    except Refusal:
        await discard([key])
        raise
    # Anything else that is raised leaves open whether a row names the object: the sweep finds out.
    if not kept:
        await discard([key])


def _check_length(request: Request, attachment: Attachment) -> None:
    """Refuses a length that is told before any byte is read."""
    length = request.headers.get("content-length")
    if length is None or int(length) == attachment.size:
        return
    facts = {"filename": attachment.filename, "announced": attachment.size}
    if int(length) > attachment.size:
        raise UploadTooLong(**facts)
    raise UploadTooShort(**facts, received=int(length))


async def _pieces(request: Request, attachment: Attachment) -> AsyncIterator[bytes]:
    """The body as it comes; the server reads on only when this is asked on."""
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(PATIENCE):
                piece = await anext(stream, None)
        except TimeoutError:
            raise UploadStalled(filename=attachment.filename, seconds=int(PATIENCE)) from None
        if piece is None:
            return
        yield piece
