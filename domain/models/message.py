"""Messages from the contracting authority."""

from tortoise import fields

from domain.models.row import Row, moment, reference


class Message(Row):
    """A message (bericht) about a contract, or about one of its documents."""

    contract_id: int
    contract = reference("Contract", "messages", db_constraint=False)
    contracting_authority_id: int
    contracting_authority = reference("Organisation", "messages_sent", db_constraint=False)
    document_id: int | None
    document = reference("Document", "messages", null=True, db_constraint=False)
    subject = fields.TextField()
    body = fields.TextField()
    external_id = fields.TextField()
    content_digest = fields.BinaryField()
    received_at = moment()

    class Meta:
        """The table."""

        table = "message"
