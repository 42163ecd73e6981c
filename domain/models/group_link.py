"""Links between groups and contracts."""

from tortoise import fields

from domain.models.row import Row, moment, reference


class GroupLink(Row):
    """A group tied to a contract (koppeling, manual 3.4), closed when they are untied."""

    organisation_id: int
    organisation = reference("Organisation", "group_links", db_constraint=False)
    contract_id: int
    contract = reference("Contract", "group_links", db_constraint=False)
    group_id: int
    group = reference("Group", "links", db_constraint=False)
    linked_at = moment()
    linked_by_id: int | None
    linked_by = reference("User", "links_made", null=True)
    ended_at = fields.DatetimeField(null=True)
    ended_by_id: int | None
    ended_by = reference("User", "links_ended", null=True)
    version = fields.IntField(default=1)

    class Meta:
        """The organisation repeats the contract's and the group's, so that the database keeps them equal."""

        table = "group_link"
