"""Organisations: enterprises, consortia and contracting authorities."""

from enum import StrEnum

from tortoise import fields

from domain.models.row import Row, moment


class OrganisationKind(StrEnum):
    """Ondernemingen, combinaties van ondernemingen, aanbesteders."""

    ENTERPRISE = "ENTERPRISE"
    CONSORTIUM = "CONSORTIUM"
    CONTRACTING_AUTHORITY = "CONTRACTING_AUTHORITY"


class Organisation(Row):
    """A party with a unique enterprise number (KBO), ten digits."""

    enterprise_number = fields.CharField(max_length=10, unique=True)
    name = fields.TextField()
    kind = fields.CharEnumField(OrganisationKind, max_length=24)
    email = fields.TextField(null=True)
    created_at = moment()
    version = fields.IntField(default=1)

    class Meta:
        """The table."""

        table = "organisation"
