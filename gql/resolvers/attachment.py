"""Files of documents: announced, and taken away."""

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
    """Removes a file of a draft."""
    return await rules.remove_attachment(actor=actor, attachment_id=key_of("Attachment", input.id))


def announced_file(input: "AttachmentInput | RequestUploadInput") -> AnnouncedFile:
    """A file as an input announces it."""
    return AnnouncedFile(input.filename, input.content_type, input.size, input.sha256)


def upload(actor: Actor, attachment: Attachment) -> Record:
    """The address to which the actor uploads the bytes of an attachment."""
    url, expires_at = upload_address(actor, attachment)
    return Record(attachment=attachment, url=url, expires_at=expires_at)
