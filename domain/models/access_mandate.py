"""Mandates to manage access for an organisation."""

from enum import StrEnum

from tortoise import fields

from domain.models.row import Row, moment, reference


class AccessMandateKind(StrEnum):
    """Wettelijke vertegenwoordiger, hoofdtoegangsbeheerder, toegangsbeheerder."""

    LEGAL_REPRESENTATIVE = "LEGAL_REPRESENTATIVE"
    MAIN_ACCESS_MANAGER = "MAIN_ACCESS_MANAGER"
    ACCESS_MANAGER = "ACCESS_MANAGER"


class AccessMandate(Row):
    """A mandate of one user in one organisation (manual 2), closed when it ends."""

    organisation_id: int
    organisation = reference("Organisation", "access_mandates")
    user_id: int
    user = reference("User", "access_mandates")
    kind = fields.CharEnumField(AccessMandateKind, max_length=20)
    email = fields.TextField(null=True)
    since = moment()
    appointed_by_id: int | None
    appointed_by = reference("User", "mandates_given", null=True)
    ended_at = fields.DatetimeField(null=True)
    ended_by_id: int | None
    ended_by = reference("User", "mandates_ended", null=True)
    end_reason = fields.TextField(null=True)

    class Meta:
        """The table."""

        table = "access_mandate"
