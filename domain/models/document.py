"""Documents and their attachments."""

from enum import StrEnum

from tortoise import fields

from domain.models.row import Row, moment, reference


class DocumentDirection(StrEnum):
    """Who sends it."""

    FROM_AUTHORITY = "FROM_AUTHORITY"
    TO_AUTHORITY = "TO_AUTHORITY"


class DocumentStatus(StrEnum):
    """DRAFT and SENT for the organisation's documents, EXPECTED and RECEIVED for the authority's."""

    DRAFT = "DRAFT"
    SENT = "SENT"
    EXPECTED = "EXPECTED"
    RECEIVED = "RECEIVED"


class Document(Row):
    """A file set exchanged on a contract, in one theme (dossierstuk)."""

    contract_id: int
    contract = reference("Contract", "documents", db_constraint=False)
    contracting_authority_id: int
    contracting_authority = reference("Organisation", "exchanged_documents", db_constraint=False)
    theme_id: int
    theme = reference("Theme", "documents")
    title = fields.TextField()
    direction = fields.CharEnumField(DocumentDirection, max_length=14)
    status = fields.CharEnumField(DocumentStatus, max_length=8)
    external_id = fields.TextField(null=True)
    content_digest = fields.BinaryField(null=True)
    created_at = moment()
    created_by_id: int | None
    created_by = reference("User", "documents_drafted", null=True)
    received_at = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)
    sent_by_id: int | None
    sent_by = reference("User", "documents_sent", null=True)
    sent_position = fields.BigIntField(null=True)
    """The position in the queue of its authority, assigned under a lock, so that positions become visible in order."""
    deleted_at = fields.DatetimeField(null=True)
    """When the draft was deleted, or the incomplete delivery abandoned."""
    version = fields.IntField(default=1)

    class Meta:
        """The table."""

        table = "document"


class Attachment(Row):
    """One file of a document; the bytes are in the object store."""

    document_id: int
    document = reference("Document", "attachments")
    filename = fields.TextField()
    content_type = fields.TextField()
    size = fields.BigIntField()
    sha256 = fields.CharField(max_length=64)
    storage_key = fields.CharField(max_length=255, unique=True)
    created_at = moment()
    arrived_at = fields.DatetimeField(null=True)
    removed_at = fields.DatetimeField(null=True)

    class Meta:
        """The table."""

        table = "attachment"
