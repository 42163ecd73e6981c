"""Actions, and their assignments to users."""

from enum import StrEnum

from tortoise import fields

from domain.models.row import Row, moment, reference


class ActionStatus(StrEnum):
    """Open, assigned to a user, done."""

    OPEN = "OPEN"
    ASSIGNED = "ASSIGNED"
    DONE = "DONE"


class Action(Row):
    """Work to be done on a contract (actie), usually on a document."""

    contract_id: int
    contract = reference("Contract", "actions", db_constraint=False)
    contracting_authority_id: int
    contracting_authority = reference("Organisation", "actions_opened", db_constraint=False)
    document_id: int | None
    document = reference("Document", "actions", null=True, db_constraint=False)
    title = fields.TextField()
    status = fields.CharEnumField(ActionStatus, max_length=8, default=ActionStatus.OPEN)
    assignee_id: int | None
    assignee = reference("User", "assigned_actions", null=True)
    assigned_at = fields.DatetimeField(null=True)
    external_id = fields.TextField()
    content_digest = fields.BinaryField()
    created_at = moment()
    done_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        """The table."""

        table = "action"


class Assignment(Row):
    """A user's turn at an action, closed when it is released or done."""

    action_id: int
    action = reference("Action", "assignments")
    user_id: int
    user = reference("User", "assignments")
    assigned_by_id: int | None
    assigned_by = reference("User", "assignments_made", null=True)
    assigned_at = moment()
    released_at = fields.DatetimeField(null=True)
    released_by_id: int | None
    released_by = reference("User", "releases", null=True)
    release_reason = fields.TextField(null=True)

    class Meta:
        """The table."""

        table = "assignment"
