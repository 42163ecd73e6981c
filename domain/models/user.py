"""Natural persons, their keys, and who added them to an organisation."""

import secrets
from enum import StrEnum

from tortoise import fields

from domain.models.row import Row, moment, reference


class Language(StrEnum):
    """The languages of mails."""

    NL = "NL"
    FR = "FR"
    EN = "EN"
    DE = "DE"


def person_key() -> int:
    """A key for a new person, random, so that it doesn't disclose since when the person has been known.

    Access managers who add people see their ids, and must not learn who was known elsewhere. JSON parsers read numbers
    below 2⁵³ exactly.
    """
    return 2**52 + secrets.randbits(52)


class User(Row):
    """A natural person. The national register number is sealed; it is found through a keyed blind index.

    Of somebody who was erased, or made one with somebody, the row stays, for what it is the other end of, without a
    number.
    """

    given_name = fields.TextField()
    family_name = fields.TextField()
    birth_date = fields.DateField(null=True)
    language = fields.CharEnumField(Language, max_length=2, null=True)
    subject = fields.CharField(max_length=255, null=True, unique=True)
    """The identity provider's persistent identifier of the person, once they have signed in."""
    national_number_sealed = fields.BinaryField(null=True)
    national_number_index = fields.BinaryField(null=True)
    national_number_next_index = fields.BinaryField(null=True)
    """Filled during a rotation of the index key."""
    merged_into_id: int | None
    merged_into = reference("User", "merged", null=True)
    """The person that this one was merged into, who hasn't been merged into another."""
    created_at = moment()

    @property
    def full_name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"

    @property
    def erased(self) -> bool:
        """Was the person erased or merged into another?"""
        return self.national_number_index is None

    class Meta:
        """`user` is a reserved word of SQL."""

        table = "person"


class PersonalKey(Row):
    """The sealed key under which a person's values in the audit log are kept; destroying it erases them."""

    user_id: int
    user = reference("User", "personal_keys")
    sealed_key = fields.BinaryField()

    class Meta:
        """The table."""

        table = "personal_key"


class Introduction(Row):
    """A person added by an organisation's access manager, who may see them for 24 hours from then on."""

    organisation_id: int
    organisation = reference("Organisation", "introductions")
    user_id: int
    user = reference("User", "introductions")
    introduced_by_id: int | None
    introduced_by = reference("User", "introductions_made", null=True)
    introduced_at = moment()
    language = fields.CharEnumField(Language, max_length=2, null=True)
    """The language that the organisation gave; it doesn't replace one that is already known."""

    class Meta:
        """The table."""

        table = "introduction"
