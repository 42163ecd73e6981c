"""The types that a contract can have."""

from tortoise import fields

from domain.models.row import Row


class ContractType(Row):
    """A type of contract (type opdracht), named in four languages."""

    code = fields.CharField(max_length=64, unique=True)
    name_nl = fields.TextField()
    name_fr = fields.TextField()
    name_en = fields.TextField()
    name_de = fields.TextField()

    class Meta:
        """The table."""

        table = "contract_type"
