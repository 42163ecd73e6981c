"""A person's request for a right, which is a task for the access managers."""

from enum import StrEnum

from tortoise import fields

from domain.models.row import Row, moment, reference


class TaskStatus(StrEnum):
    """Open, or decided one way or the other."""

    OPEN = "OPEN"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


class SelfRegistration(Row):
    """A request made through a self-registration link (manual 2.1.5)."""

    organisation_id: int
    organisation = reference("Organisation", "tasks")
    applicant_id: int
    applicant = reference("User", "self_registrations")
    asks_administrator = fields.BooleanField()
    asks_user = fields.BooleanField()
    email = fields.TextField(null=True)
    phone = fields.TextField(null=True)
    status = fields.CharEnumField(TaskStatus, max_length=8, default=TaskStatus.OPEN)
    created_at = moment()
    decided_by_id: int | None
    decided_by = reference("User", "decisions", null=True)
    decided_at = fields.DatetimeField(null=True)
    decision_reason = fields.TextField(null=True)

    class Meta:
        """The table."""

        table = "self_registration"
