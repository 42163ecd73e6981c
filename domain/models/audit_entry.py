"""The audit log: who did what, when and why. Rows are only inserted."""

from typing import Any

from tortoise import fields

from domain.models.row import Row, moment, reference


class AuditEntry(Row):
    """One act on one subject. Personal values in `before` and `after` are sealed with their person's key."""

    organisation_id: int | None
    organisation = reference("Organisation", "audit_entries", null=True)
    at = moment()
    actor_id: int | None
    actor = reference("User", "audit_entries", null=True)
    actor_name = fields.TextField(null=True)
    """The machine client or the system, when no person acted."""
    action = fields.TextField()
    subject_type = fields.TextField()
    subject_id = fields.BigIntField()
    reason = fields.TextField(null=True)
    before: Any = fields.JSONField(null=True)
    after: Any = fields.JSONField(null=True)

    class Meta:
        """The table."""

        table = "audit_entry"
