"""Browser sessions."""

from tortoise import fields

from domain.models.row import Row, moment, reference


class Session(Row):
    """A person's sign-in with a browser; the cookie holds the token, the row its SHA-256.

    `entitled` says whether the person could act for an organisation at some time in it.
    """

    user_id: int
    user = reference("User", "sessions")
    token_digest = fields.BinaryField()
    started_at = moment()
    last_seen_at = moment()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    entitled = fields.BooleanField(default=False, db_default=False)

    class Meta:
        """The table."""

        table = "session"
