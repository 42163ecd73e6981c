"""Natural persons, and who brought them to an organisation's attention."""

import secrets
from enum import StrEnum

from tortoise import fields

from domain.models.row import Row, moment, reference


class Language(StrEnum):
    """The languages that people are written to in."""

    NL = "NL"
    FR = "FR"
    EN = "EN"
    DE = "DE"


def person_key() -> int:
    """The key of a person who is about to be made: random, so that it doesn't tell how long somebody has been known.

    An access manager who adds people reads their ids, and is not to learn who was known elsewhere. Readers of JSON take
    numbers below 2⁵³ as they are.
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
    """The identity provider's lasting name of the person, once they have signed in."""
    national_number_sealed = fields.BinaryField(null=True)
    national_number_index = fields.BinaryField(null=True)
    national_number_next_index = fields.BinaryField(null=True)
    """Filled while the index key rotates."""
    merged_into_id: int | None
    merged_into = reference("User", "merged", null=True)
    """Whom everything of the person became, who was made one with them: never somebody who was merged on."""
    created_at = moment()

    @property
    def full_name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"

    @property
    def erased(self) -> bool:
        """Is it nobody any more: was everything erased that tells who it is, or is another row theirs?"""
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
    """What the organisation gave as the person's language; where one is known already, that one stays the person's."""

    class Meta:
        """The table."""

        table = "introduction"
