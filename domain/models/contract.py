"""Public contracts, and the types that they had before they were corrected."""

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
    """The SHA-256 of the publication, which distinguishes a repeat from a conflict."""
    published_at = moment()
    ended_at = fields.DatetimeField(null=True)
    end_reason = fields.TextField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        """The table."""

        table = "contract"


class FormerContractType(Row):
    """A type that a contract had until it was corrected."""

    contract_id: int
    contract = reference("Contract", "former_types")
    type_id: int
    type = reference("ContractType", "former_contracts")
    valid_from = fields.DatetimeField()
    valid_to = fields.DatetimeField()

    class Meta:
        """The table."""

        table = "former_contract_type"
