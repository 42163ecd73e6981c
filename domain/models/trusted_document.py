"""Trusted GraphQL documents, registered by the operator."""

from tortoise import fields

from domain.models.row import Row, moment


class TrustedDocument(Row):
    """A GraphQL document that clients may name by its digest; where the settings say so, no other is answered."""

    digest = fields.CharField(max_length=64, unique=True)
    """The SHA-256 of the text in UTF-8, in hexadecimal."""
    text = fields.TextField()
    registered_at = moment()

    class Meta:
        """The table."""

        table = "trusted_document"
