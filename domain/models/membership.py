"""Memberships of users in groups."""

from enum import StrEnum

from tortoise import fields

from domain.models.row import Row, moment, reference


class MembershipKind(StrEnum):
    """Vast lid, opdrachtspecifiek lid."""

    FIXED = "FIXED"
    CONTRACT_SPECIFIC = "CONTRACT_SPECIFIC"


class Membership(Row):
    """A user in a group: fixed, or for one contract only (manual 3.5). It hangs on a work relation."""

    kind = fields.CharEnumField(MembershipKind, max_length=17)
    organisation_id: int
    organisation = reference("Organisation", "memberships", db_constraint=False)
    group_id: int
    group = reference("Group", "memberships", db_constraint=False)
    user_id: int
    user = reference("User", "memberships", db_constraint=False)
    work_relation_id: int
    work_relation = reference("WorkRelation", "memberships", db_constraint=False)
    group_link_id: int | None
    group_link = reference("GroupLink", "memberships", null=True, db_constraint=False)
    contract_id: int | None
    contract = reference("Contract", "specific_memberships", null=True, db_constraint=False)
    since = moment()
    added_by_id: int | None
    added_by = reference("User", "members_added", null=True)
    ended_at = fields.DatetimeField(null=True)
    ended_by_id: int | None
    ended_by = reference("User", "members_removed", null=True)

    class Meta:
        """What a membership repeats of group, link and work relation is held equal by the database."""

        table = "membership"
