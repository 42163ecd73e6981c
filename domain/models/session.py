"""Who is signed in, and which machines may call."""

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


class MachineClient(Row):
    """A system of a contracting authority that calls with bearer tokens."""

    client_id = fields.CharField(max_length=255, unique=True)
    name = fields.TextField()
    organisation_id: int
    organisation = reference("Organisation", "machine_clients")
    created_at = moment()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        """The table."""

        table = "machine_client"
