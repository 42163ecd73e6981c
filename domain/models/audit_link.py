"""The hash chain of the audit log, which reveals changes to it."""

from tortoise import fields

from domain.models.row import Row, reference


class AuditLink(Row):
    """One entry's place in its organisation's chain; the database makes it when the entry is committed."""

    entry_id: int
    entry = reference("AuditEntry", "links")
    organisation_id: int | None
    organisation = reference("Organisation", "audit_links", null=True, db_constraint=False)
    position = fields.BigIntField()
    """From 1, without gaps."""
    hash = fields.BinaryField()
    """The SHA-256 of the previous hash and the whole entry."""

    class Meta:
        """The table."""

        table = "audit_link"
