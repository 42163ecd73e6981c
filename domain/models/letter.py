"""Letters: mails about access, which are in the outbox besides the notifications."""

from datetime import date
from enum import StrEnum

from tortoise import fields

from domain.models.row import Row, moment, reference


class LetterKind(StrEnum):
    """The kinds of letters, each with templates of its name."""

    RIGHT_EXPIRES = "RIGHT_EXPIRES"
    """To the holder of a right that ends soon (manual 2.1.3)."""
    EXPIRY_DIGEST = "EXPIRY_DIGEST"
    """To the access managers: the rights that end soon."""
    TASK_OPENED = "TASK_OPENED"
    """To the access managers: a request for a right (manual 2.1.5)."""
    REGISTRATION_APPROVED = "REGISTRATION_APPROVED"
    """To the applicant."""
    REGISTRATION_REJECTED = "REGISTRATION_REJECTED"
    """To the applicant."""
    ADDRESS_CHANGED = "ADDRESS_CHANGED"
    """To the former address of a work relation."""


class Letter(Row):
    """Something to be told by mail, written with what caused it; its deliveries hold the addresses.

    What it says is read when it is sent, but for the days, which are what makes it the letter that it is.
    """

    kind = fields.CharEnumField(LetterKind, max_length=21)
    organisation_id: int
    organisation = reference("Organisation", "letters")
    work_relation_id: int | None
    work_relation = reference("WorkRelation", "letters", null=True, db_constraint=False)
    access_right_id: int | None
    access_right = reference("AccessRight", "letters", null=True)
    self_registration_id: int | None
    self_registration = reference("SelfRegistration", "letters", null=True, db_constraint=False)
    last_day: date | None = fields.DateField(null=True)
    """The last day of the right, for a warning."""
    days_before: int | None = fields.SmallIntField(null=True)
    """The number of days before the last day, for a warning."""
    day: date | None = fields.DateField(null=True)
    """The day, for a digest."""
    written_at = moment()
    withdrawn_at = fields.DatetimeField(null=True)
    """When a mail was withdrawn before it was sent, because it was no longer true."""

    class Meta:
        """The table."""

        table = "letter"
