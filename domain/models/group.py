"""Groups, and the levels that they give."""

from enum import IntEnum

from tortoise import fields

from domain.models.row import Row, moment, reference


class DocumentLevel(IntEnum):
    """What may be done with the documents of a theme; each level has the ones below it."""

    NONE = 0
    READ = 1
    DRAFT = 2
    SEND = 3


class ReferenceLevel(IntEnum):
    """What may be done with the own reference of a type of contract."""

    READ = 1
    WRITE = 2


class Group(Row):
    """A named set of rights plus its fixed members, inside one organisation (manual 3.1)."""

    organisation_id: int
    organisation = reference("Organisation", "groups")
    name = fields.TextField()
    name_key = fields.TextField()
    """The name without case, accents and surrounding or doubled spaces, by which names are compared."""
    description = fields.TextField()
    email = fields.TextField(null=True)
    active = fields.BooleanField(default=True)
    archived = fields.BooleanField(default=False)
    """Overwritten by a newer group of the same name; never offered again."""
    created_at = moment()
    deactivated_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        """`group` is a reserved word of SQL."""

        table = "access_group"


class GroupThemeLevel(Row):
    """The level that a group gives, or gave, on a theme."""

    group_id: int
    group = reference("Group", "theme_levels")
    theme_id: int
    theme = reference("Theme", "group_levels")
    level = fields.IntEnumField(DocumentLevel)
    valid_from = moment()
    valid_to = fields.DatetimeField(null=True)

    class Meta:
        """The table."""

        table = "group_theme_level"


class GroupReferenceLevel(Row):
    """The level that a group gives, or gave, on the own reference of a type of contract."""

    group_id: int
    group = reference("Group", "reference_levels")
    contract_type_id: int
    contract_type = reference("ContractType", "group_levels")
    level = fields.IntEnumField(ReferenceLevel)
    valid_from = moment()
    valid_to = fields.DatetimeField(null=True)

    class Meta:
        """The table."""

        table = "group_reference_level"
