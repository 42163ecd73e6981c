"""Attachments: announced, uploaded, removed."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Attachment, Document
from domain.rules import attachment as rules
from domain.rules.announced_file import AnnouncedFile
from gql.files.addresses import upload_address
from gql.reading.ids import key_of
from gql.reading.sources import Record

if TYPE_CHECKING:
    from gql.schema.document import AttachmentInput, RemoveAttachmentInput, RequestUploadInput


async def request_upload(actor: Actor, input: "RequestUploadInput") -> Record:
    """Announces a file of a draft."""
    attachment = await rules.request_upload(
        actor=actor, document_id=key_of("Document", input.document_id), file=announced_file(input)
    )
    return upload(actor, attachment)


async def remove_attachment(actor: Actor, input: "RemoveAttachmentInput") -> Document:
    """Removes a file from a draft."""
    return await rules.remove_attachment(actor=actor, attachment_id=key_of("Attachment", input.id))


def announced_file(input: "AttachmentInput | RequestUploadInput") -> AnnouncedFile:
    """The file that an input announces."""
    return AnnouncedFile(input.filename, input.content_type, input.size, input.sha256)


def upload(actor: Actor, attachment: Attachment) -> Record:
    """The upload of an attachment: the URL to which the actor uploads its bytes, and when that expires."""
    url, expires_at = upload_address(actor, attachment)
    return Record(attachment=attachment, url=url, expires_at=expires_at)
