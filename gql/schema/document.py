"""Documents and their attachments."""

from datetime import datetime

import strawberry

from domain import models, visibility
from domain.models import Document as DocumentRow
from gql.files.addresses import download_url
from gql.reading.declare import column, computed_for_viewer, connection, to_many, to_one
from gql.reading.paging import Filter, Order, Paging
from gql.reading.sources import entity
from gql.schema.ability import viewer_can
from gql.schema.action import ACTIONS, STATUS_ARGUMENT
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

RECEIVED_DOCUMENTS = Paging(
    orders={"SENT_POSITION": Order("{row}.sent_position", "bigint")},
    default=("SENT_POSITION", False),
    condition="{row}.status = 'SENT'",
)
"""Oldest first. Positions are assigned under a lock, so no document appears before a cursor that was already read."""


@entity(models.Attachment, visible=visibility.attachment, description="One file of a document (bijlage).")
class Attachment(Node):
    document: ADocument = to_one("The document that it belongs to.")
    filename: str = column("Bestandsnaam.")
    content_type: str = column("The media type, such as `application/pdf`.")
    size: int = column("The size in bytes.")
    sha256: str = column("The SHA-256 of the bytes, in hexadecimal.")
    download_url: str | None = computed_for_viewer(
        "The URL to download it from, without cookie or token, valid for five minutes; null until the file has "
        "arrived.",
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
    contract: AContract = to_one("The contract.")
    theme: Theme = to_one("The theme.")
    title: str = column("Titel.")
    direction: DocumentDirection = column("Who sends it.")
    status: DocumentStatus = column("Its status.")
    attachments: list[Attachment] = to_many("Its files.", "id")
    messages: Connection[AMessage] | None = connection("The messages about it, newest first.", MESSAGES)
    actions: Connection[AnAction] | None = connection(
        "The actions about it that the viewer may see, newest first.", ACTIONS, arguments={"status": STATUS_ARGUMENT}
    )
    created_at: datetime = column("When it was drawn up, or announced by the authority.")
    received_at: datetime | None = column(
        "When it arrived with all its files; null for a document sent to the authority."
    )
    sent_at: datetime | None = column(
        "When it was sent; null for a draft and for a document delivered by the authority."
    )
    sent_by: AUser | None = to_one("Who sent it. Always null for the contracting authority.")
    viewer_can: list[Ability] = viewer_can(DocumentRow)
    version: int = column(
        "Changes with its title and status, not with its files; a mutation gives the one it is based on."
    )


@strawberry.input(description="A file to be uploaded.")
class AttachmentInput:
    filename: str = strawberry.field(description="Bestandsnaam.")
    content_type: str = strawberry.field(description="The media type, such as `application/pdf`.")
    size: int = strawberry.field(description="The size in bytes.")
    sha256: str = strawberry.field(description="The SHA-256 of the bytes, in hexadecimal.")


@strawberry.input(description="A document delivered by a contracting authority's system.")
class DeliverDocumentInput:
    external_id: str = strawberry.field(
        description="The authority's own id; repeating the request returns the same document."
    )
    contract_id: strawberry.ID = strawberry.field(description="A contract that the authority awarded.")
    theme_code: str = strawberry.field(description="The code of a visible theme, such as `INVOICING`.")
    title: str = strawberry.field(description="Titel.")
    attachments: list[AttachmentInput] | None = strawberry.field(
        default=None, description="Its files; the document is received when the last one has arrived."
    )


@strawberry.type(description="An upload of a file: PUT its bytes to `url`.")
class Upload:
    attachment: Attachment = strawberry.field(description="The file.")
    url: str = strawberry.field(
        description="The URL to PUT the bytes to; valid until the whole file has arrived or the URL expires."
    )
    expires_at: datetime = strawberry.field(description="When the URL expires.")


@strawberry.input(description="A file to be added to a draft (bijlage toevoegen).")
class RequestUploadInput:
    document_id: strawberry.ID = strawberry.field(description="The draft.")
    filename: str = strawberry.field(description="Bestandsnaam, without a path.")
    content_type: str = strawberry.field(description="The media type, such as `application/pdf`.")
    size: int = strawberry.field(description="The size in bytes.")
    sha256: str = strawberry.field(description="The SHA-256 of the bytes, in hexadecimal.")


@strawberry.type(description="The upload, or the errors.")
class UploadPayload:
    upload: Upload | None = strawberry.field(description="The upload; null if refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")


@strawberry.input(description="A file to remove from a draft.")
class RemoveAttachmentInput:
    id: strawberry.ID = strawberry.field(description="The attachment.")


@strawberry.type(description="The document that was delivered, or the errors.")
class DeliverDocumentPayload:
    document: Document | None = strawberry.field(description="The document; null if refused.")
    uploads: list[Upload] = strawberry.field(
        description="One upload for each file that hasn't arrived; none if the contract has ended or the theme is "
        "hidden."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")


@strawberry.input(description="A document to draw up (dossierstuk opmaken).")
class DraftDocumentInput:
    contract_id: strawberry.ID = strawberry.field(description="The contract.")
    theme_code: str = strawberry.field(description="The code of a visible theme, such as `INVOICING`.")
    title: str = strawberry.field(description="Titel.")


@strawberry.input(description="A new title for a draft.")
class UpdateDocumentInput:
    id: strawberry.ID = strawberry.field(description="The document.")
    version: int = strawberry.field(description="The version that the change is based on.")
    title: str = strawberry.field(description="Titel.")


@strawberry.input(description="A draft to delete.")
class DeleteDraftInput:
    id: strawberry.ID = strawberry.field(description="The document.")
    version: int = strawberry.field(description="The version that the change is based on.")


@strawberry.input(description="A draft to send (dossierstuk verzenden).")
class SendDocumentInput:
    id: strawberry.ID = strawberry.field(description="The document.")
    version: int = strawberry.field(description="The version to send.")


@strawberry.type(description="The document that was created, changed or sent, or the errors.")
class DocumentPayload:
    document: Document | None = strawberry.field(description="The document; null if refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")


@strawberry.type(description="The draft that was deleted, or the errors.")
class DeleteDraftPayload:
    deleted_document_id: strawberry.ID | None = strawberry.field(description="Its id; null if refused.")
    contract: AContract | None = strawberry.field(description="The contract that it was on.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")
