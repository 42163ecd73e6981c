"""Public contracts."""

from tortoise import fields

from domain.models.row import Row, moment, reference


class Contract(Row):
    """A contract (opdracht) between a contracting authority and the organisation that carries it out."""

    number = fields.TextField()
    title = fields.TextField()
    type_id: int
    type = reference("ContractType", "contracts")
    organisation_id: int
    organisation = reference("Organisation", "contracts")
    contracting_authority_id: int
    contracting_authority = reference("Organisation", "awarded_contracts")
    own_reference = fields.TextField(null=True)
    email = fields.TextField(null=True)
    external_id = fields.TextField()
    content_digest = fields.BinaryField()
    """SHA-256 of what the authority published under its id: a repeat is told from a conflict by it."""
    published_at = moment()
    ended_at = fields.DatetimeField(null=True)
    end_reason = fields.TextField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        """The table."""

        table = "contract"
