"""Documents and their attachments."""

from datetime import datetime

import strawberry

from domain import models, visibility
from domain.models import Document as DocumentRow
from gql.files.addresses import download_url
from gql.reading.declare import column, connection, for_viewer, many, one
from gql.reading.paging import Filter, Order, Paging
from gql.reading.sources import entity
from gql.schema.ability import viewer_can
from gql.schema.action import ACTIONS, IN_STATE
from gql.schema.connection import Connection
from gql.schema.enums import Ability, DocumentDirection, DocumentStatus
from gql.schema.external_id import external_id
from gql.schema.message import MESSAGES
from gql.schema.node import Node
from gql.schema.references import AContract, ADocument, AMessage, AnAction, AUser
from gql.schema.searching import contains
from gql.schema.theme import Theme
from gql.schema.user_error import UserError

DOCUMENTS = Paging(
    orders={"CREATED_AT": Order("{row}.created_at", "timestamptz")},
    default=("CREATED_AT", True),
    filters={
        "theme_code": Filter("{row}.theme_id = (select dt.id from theme dt where dt.code = :value)", "text"),
        "status": Filter("{row}.status = :value", "text"),
        "search": Filter(
            contains(
                "{row}.title, (select string_agg(sf.filename, ' ' order by sf.id) from attachment sf"
                " where sf.document_id = {row}.id and sf.removed_at is null)"
            ),
            "text",
        ),
    },
)

RECEIVED = Paging(
    orders={"SENT_POSITION": Order("{row}.sent_position", "bigint")},
    default=("SENT_POSITION", False),
    always="{row}.status = 'SENT'",
)
"""Oldest first: a place is given under a lock, so that none appears behind a reader."""


@entity(models.Attachment, visible=visibility.attachment, description="One file of a document (bijlage).")
class Attachment(Node):
    document: ADocument = one("The document that it is a file of.")
    filename: str = column("Bestandsnaam.")
    content_type: str = column("The media type, such as `application/pdf`.")
    size: int = column("The size in bytes.")
    sha256: str = column("The SHA-256 of the bytes, in hexadecimal.")
    download_url: str | None = for_viewer(
        "Where the viewer finds the bytes, without cookie or token, for five minutes; null until they have arrived.",
        download_url,
        "id",
        "arrived_at",
    )


@entity(
    models.Document,
    visible=visibility.document,
    description="A file set exchanged on a contract, in one theme (dossierstuk).",
)
class Document(Node):
    external_id: str | None = external_id()
    contract: AContract = one("The contract.")
    theme: Theme = one("The theme.")
    title: str = column("Titel.")
    direction: DocumentDirection = column("Who sends it.")
    status: DocumentStatus = column("Where it stands.")
    attachments: list[Attachment] = many("Its files.", "id")
    messages: Connection[AMessage] | None = connection("The messages about it, newest first.", MESSAGES)
    actions: Connection[AnAction] | None = connection(
        "The actions about it that the viewer may see, newest first.", ACTIONS, arguments={"status": IN_STATE}
    )
    created_at: datetime = column("When it was drawn up, or announced by the authority.")
    received_at: datetime | None = column("When it arrived with all its files; null for what the authority is sent.")
    sent_at: datetime | None = column("When it was sent; null for a draft, and for what the authority delivered.")
    sent_by: AUser | None = one("Who sent it. Null for the contracting authority, always.")
    viewer_can: list[Ability] = viewer_can(DocumentRow)
    version: int = column(
        "Moves with its title and status, not with its files; a change names the one it was made from."
    )


@strawberry.input(description="A file that will be uploaded.")
class AttachmentInput:
    filename: str = strawberry.field(description="Bestandsnaam.")
    content_type: str = strawberry.field(description="The media type, such as `application/pdf`.")
    size: int = strawberry.field(description="The size in bytes.")
    sha256: str = strawberry.field(description="The SHA-256 of the bytes, in hexadecimal.")


@strawberry.input(description="A document that a contracting authority's system delivers.")
class DeliverDocumentInput:
    external_id: str = strawberry.field(description="The authority's own id; a repeat gives the same document.")
    contract_id: strawberry.ID = strawberry.field(description="The contract, one that the authority awarded.")
    theme_code: str = strawberry.field(description="The code of a visible theme, such as `INVOICING`.")
    title: str = strawberry.field(description="Titel.")
    attachments: list[AttachmentInput] | None = strawberry.field(
        default=None, description="Its files; it is received when the last of them has arrived."
    )


@strawberry.type(description="Where the bytes of a file go: PUT them to `url`.")
class Upload:
    attachment: Attachment = strawberry.field(description="The file.")
    url: str = strawberry.field(description="Stays valid until the bytes have arrived whole or it expires.")
    expires_at: datetime = strawberry.field(description="When it expires.")


@strawberry.input(description="A file of a draft that will be uploaded (bijlage toevoegen).")
class RequestUploadInput:
    document_id: strawberry.ID = strawberry.field(description="The draft.")
    filename: str = strawberry.field(description="Bestandsnaam, without folders.")
    content_type: str = strawberry.field(description="The media type, such as `application/pdf`.")
    size: int = strawberry.field(description="The size in bytes.")
    sha256: str = strawberry.field(description="The SHA-256 of the bytes, in hexadecimal.")


@strawberry.type(description="Where a file is to be uploaded, or why not.")
class UploadPayload:
    upload: Upload | None = strawberry.field(description="The address; null when refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it worked.")


@strawberry.input(description="A file of a draft to take away.")
class RemoveAttachmentInput:
    id: strawberry.ID = strawberry.field(description="The attachment.")


@strawberry.type(description="A document that was delivered, or why not.")
class DeliverDocumentPayload:
    document: Document | None = strawberry.field(description="The document; null when refused.")
    uploads: list[Upload] = strawberry.field(
        description="One address for each file that hasn't arrived; none on an ended contract or a hidden theme."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it worked.")


@strawberry.input(description="A document to begin (dossierstuk opmaken).")
class DraftDocumentInput:
    contract_id: strawberry.ID = strawberry.field(description="The contract.")
    theme_code: str = strawberry.field(description="The code of a visible theme, such as `INVOICING`.")
    title: str = strawberry.field(description="Titel.")


@strawberry.input(description="Another title for a draft.")
class UpdateDocumentInput:
    id: strawberry.ID = strawberry.field(description="The document.")
    version: int = strawberry.field(description="The version that the change was made from.")
    title: str = strawberry.field(description="Titel.")


@strawberry.input(description="A draft to throw away.")
class DeleteDraftInput:
    id: strawberry.ID = strawberry.field(description="The document.")
    version: int = strawberry.field(description="The version that the change was made from.")


@strawberry.input(description="A draft to send (dossierstuk verzenden).")
class SendDocumentInput:
    id: strawberry.ID = strawberry.field(description="The document.")
    version: int = strawberry.field(description="The version that is sent.")


@strawberry.type(description="A document that was begun, changed or sent, or why not.")
class DocumentPayload:
    document: Document | None = strawberry.field(description="The document; null when refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it worked.")


@strawberry.type(description="A draft that was thrown away, or why not.")
class DeleteDraftPayload:
    deleted_document_id: strawberry.ID | None = strawberry.field(description="Its id; null when refused.")
    contract: AContract | None = strawberry.field(description="The contract that it was on.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it worked.")
