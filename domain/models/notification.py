"""The outbox: notifications, their routings and deliveries."""

from enum import StrEnum
from typing import Any

from tortoise import fields

from domain.delivery_status import DeliveryStatus
from domain.models.row import Row, moment, reference


class NotificationTrigger(StrEnum):
    """The four events that are mailed (manual 4)."""

    CONTRACT_AVAILABLE = "CONTRACT_AVAILABLE"
    DOCUMENT_RECEIVED = "DOCUMENT_RECEIVED"
    MESSAGE_RECEIVED = "MESSAGE_RECEIVED"
    ACTION_RELEASED = "ACTION_RELEASED"


class NotificationLevel(StrEnum):
    """The levels of addresses, in order; the first one that has an address is mailed."""

    CONTRACT = "CONTRACT"
    GROUP = "GROUP"
    ORGANISATION = "ORGANISATION"
    USER = "USER"
    ADMINISTRATOR = "ADMINISTRATOR"


class NotificationStatus(StrEnum):
    """Not routed yet, routed to somebody, or to nobody."""

    PENDING = "PENDING"
    ROUTED = "ROUTED"
    SUPPRESSED = "SUPPRESSED"


class Notification(Row):
    """An event to be mailed, written with the change that caused it. `attempt` is the fence of its lease."""

    trigger = fields.CharEnumField(NotificationTrigger, max_length=18)
    organisation_id: int
    organisation = reference("Organisation", "notifications", db_constraint=False)
    contract_id: int
    contract = reference("Contract", "notifications", db_constraint=False)
    document_id: int | None
    document = reference("Document", "notifications", null=True, db_constraint=False)
    message_id: int | None
    message = reference("Message", "notifications", null=True, db_constraint=False)
    action_id: int | None
    action = reference("Action", "notifications", null=True, db_constraint=False)
    released_by_id: int | None
    released_by = reference("User", "notifications_caused", null=True)
    occurred_at = moment()
    status = fields.CharEnumField(NotificationStatus, max_length=10, default=NotificationStatus.PENDING)
    due_at = moment()
    attempt = fields.IntField(default=0)
    leased_until = fields.DatetimeField(null=True)

    class Meta:
        """The table."""

        table = "notification"


class Routing(Row):
    """To which level a notification went and why; decided once, and once more when all of it failed for good."""

    notification_id: int
    notification = reference("Notification", "routings")
    position = fields.SmallIntField(default=1)
    level = fields.CharEnumField(NotificationLevel, max_length=13, null=True)
    explanation: Any = fields.JSONField()
    """Codes and numbers; see `domain.rules.routing`."""
    decided_at = moment()
    follows_id: int | None
    follows = reference("Routing", "followed_by", null=True, db_constraint=False)

    class Meta:
        """The table."""

        table = "routing"


class Delivery(Row):
    """One mail to one address, of a routing or a letter. `attempts` counts the tries and is the fence of the lease."""

    routing_id: int | None
    routing = reference("Routing", "deliveries", null=True)
    letter_id: int | None
    letter = reference("Letter", "deliveries", null=True, db_constraint=False)
    organisation_id: int
    organisation = reference("Organisation", "deliveries")
    user_id: int | None
    user = reference("User", "deliveries", null=True)
    """The person whose address it is, if it is a person's."""
    address = fields.TextField(null=True)
    language = fields.CharField(max_length=2, default="NL")
    message_id = fields.CharField(max_length=255, unique=True)
    dated_at = moment()
    """The Date header, the same at every attempt."""
    status = fields.CharEnumField(DeliveryStatus, max_length=9, default=DeliveryStatus.PENDING)
    attempts = fields.IntField(default=0)
    failures = fields.SmallIntField(db_default=0)
    """The attempts rejected temporarily or interrupted before the final dot; they determine the next retry."""
    losses = fields.SmallIntField(db_default=0)
    """The attempts whose connection was lost after the final dot, so that the mail may have been accepted."""
    due_at = moment()
    leased_until = fields.DatetimeField(null=True)
    last_error = fields.TextField(null=True)
    sent_at = fields.DatetimeField(null=True)
    weighed_at = fields.DatetimeField(null=True)
    """When its failure was examined, to decide whether the notification is routed once more."""

    class Meta:
        """The table."""

        table = "delivery"
