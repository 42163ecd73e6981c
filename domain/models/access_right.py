"""The right to use e-Contracting, and its roles."""

from enum import StrEnum

from tortoise import fields

from domain.models.row import Row, moment, reference


class Role(StrEnum):
    """Beheerder en Gebruiker."""

    ADMINISTRATOR = "ADMINISTRATOR"
    USER = "USER"


class AccessRight(Row):
    """A right on one work relation (manual 2.1.4). Revoked, it is closed; granting again makes another."""

    work_relation_id: int
    work_relation = reference("WorkRelation", "access_rights")
    reason = fields.TextField()
    granted_by_id: int | None
    granted_by = reference("User", "rights_granted", null=True)
    granted_at = moment()
    revoked_by_id: int | None
    revoked_by = reference("User", "rights_revoked", null=True)
    revoked_at = fields.DatetimeField(null=True)
    revocation_reason = fields.TextField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        """The table."""

        table = "access_right"


class AccessRightRole(Row):
    """A role that a right has or had, from one moment until another."""

    access_right_id: int
    access_right = reference("AccessRight", "role_rows")
    role = fields.CharEnumField(Role, max_length=13)
    valid_from = moment()
    valid_to = fields.DatetimeField(null=True)

    class Meta:
        """The table."""

        table = "access_right_role"
