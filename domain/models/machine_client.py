"""Machine clients of contracting authorities."""

from tortoise import fields

from domain.models.row import Row, moment, reference


class MachineClient(Row):
    """A system of a contracting authority that calls with bearer tokens."""

    client_id = fields.CharField(max_length=255, unique=True)
    name = fields.TextField()
    organisation_id: int
    organisation = reference("Organisation", "machine_clients")
    created_at = moment()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        """The table."""

        table = "machine_client"
