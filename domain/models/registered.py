"""The tables of the local registers of the demo and the tests."""

from tortoise import fields

from domain.models.organisation import OrganisationKind
from domain.models.row import Row, reference


class RegisteredPersonRow(Row):
    """A person of the local person register, known here or not; the number is sealed as everywhere."""

    given_name = fields.TextField()
    family_name = fields.TextField()
    birth_date = fields.DateField(null=True)
    national_number_sealed = fields.BinaryField()
    national_number_index = fields.BinaryField()
    national_number_next_index = fields.BinaryField(null=True)

    class Meta:
        """The table."""

        table = "registered_person"


class RegisteredEnterpriseRow(Row):
    """An organisation of the local enterprise register."""

    enterprise_number = fields.CharField(max_length=10, unique=True)
    name = fields.TextField()
    kind = fields.CharEnumField(OrganisationKind, max_length=24)

    class Meta:
        """The table."""

        table = "registered_enterprise"


class RegisteredRepresentativeRow(Row):
    """Who represents an organisation by law: a person, or a company with or without a permanent representative."""

    enterprise_id: int
    enterprise = reference("RegisteredEnterpriseRow", "representatives")
    person_id: int | None
    person = reference("RegisteredPersonRow", "representations", null=True)
    """The person, or the company's permanent representative."""
    company_number = fields.CharField(max_length=10, null=True)
    """The company's enterprise number, when it is one."""

    class Meta:
        """The table."""

        table = "registered_representative"
