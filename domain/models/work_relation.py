"""Work relations between users and organisations, and their periods."""

from enum import StrEnum

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault

from domain.models.row import Row, moment, reference


class WorkRelationCategory(StrEnum):
    """Vaste, externe of gedelegeerde medewerker."""

    PERMANENT = "PERMANENT"
    EXTERNAL = "EXTERNAL"
    DELEGATED = "DELEGATED"


class WorkRelation(Row):
    """A user's tie to an organisation (manual 2.1.3); its days stand in the periods; the latest counts."""

    user_id: int
    user = reference("User", "work_relations")
    organisation_id: int
    organisation = reference("Organisation", "work_relations")
    category = fields.CharEnumField(WorkRelationCategory, max_length=9, default=WorkRelationCategory.PERMANENT)
    email = fields.TextField(null=True)
    phone = fields.TextField(null=True)
    created_at = moment()
    version = fields.IntField(default=1)

    class Meta:
        """The table."""

        table = "work_relation"


class WorkRelationPeriod(Row):
    """A run of days, both inclusive, in Europe/Brussels. The last day may be moved while it is today or later."""

    work_relation_id: int
    work_relation = reference("WorkRelation", "periods", db_constraint=False)
    user_id: int
    user = reference("User", "work_relation_periods", db_constraint=False)
    organisation_id: int
    organisation = reference("Organisation", "work_relation_periods", db_constraint=False)
    valid_from = fields.DateField()
    valid_until = fields.DateField()
    counted_from = fields.DateField()
    """The day from which the maximum of four years is counted: the first day, or the day of the extension."""
    last_day_given_on = fields.DateField(db_default=SqlDefault("(now() at time zone 'Europe/Brussels')::date"))
    """The day on which the last day was set; warnings that were due before are skipped."""

    class Meta:
        """User and organisation repeat the work relation's, so that the database can refuse an overlap."""

        table = "work_relation_period"
