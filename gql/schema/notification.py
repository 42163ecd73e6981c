"""Notifications, their routings and deliveries."""

from datetime import datetime

import strawberry

from domain import models, visibility
from gql.explanations import explanation
from gql.reading.declare import column, computed_in_language, to_many, to_one
from gql.reading.paging import Filter, Order, Paging
from gql.reading.sources import entity
from gql.schema.enums import DeliveryStatus, NotificationLevel, NotificationStatus, NotificationTrigger
from gql.schema.node import Node
from gql.schema.references import AContract, ADocument, AMessage, AnAction, ANotification
from gql.schema.scalars import EmailAddress
from gql.schema.user_error import UserError

NOTIFICATIONS = Paging(
    orders={"OCCURRED_AT": Order("{row}.occurred_at", "timestamptz")},
    default=("OCCURRED_AT", True),
    filters={
        "trigger": Filter("{row}.trigger = :value", "text"),
        "status": Filter("{row}.status = :value", "text"),
    },
)


@strawberry.input(description="Filters notifications; all conditions must hold.")
class NotificationFilter:
    trigger: NotificationTrigger | None = strawberry.field(
        default=None, description="Only notifications of this event."
    )
    status: NotificationStatus | None = strawberry.field(default=None, description="Only those with this status.")


@entity(
    models.Delivery,
    visible=visibility.delivery,
    description="One mail to one address.",
)
class Delivery(Node):
    notification: ANotification = to_one(
        "The event.", key="(select dr.notification_id from routing dr where dr.id = {row}.routing_id)"
    )
    address: EmailAddress | None = column("The recipient's address; null once erased.")
    message_id: str = column("The mail's Message-ID, the same at every attempt.")
    status: DeliveryStatus = column("Its status.")
    attempts: int = column("The number of attempts.")
    last_error: str | None = column("The mail server's reply, or the error, of the last failure.")
    sent_at: datetime | None = column("When the mail server accepted it.")


@entity(
    models.Routing,
    visible=visibility.routing,
    description="The level to which a notification was routed, and why; decided once.",
)
class Routing:
    level: NotificationLevel | None = column("The level; null if no level had an address.")
    explanation: str = computed_in_language("Why this level, or why nobody.", explanation, "level", "explanation")
    decided_at: datetime = column("When it was decided.")
    deliveries: list[Delivery] = to_many("The mails, one per address.", "id")


@entity(
    models.Notification,
    visible=visibility.notification,
    description="A notification of an event, sent by mail (notificatie, manual 4).",
)
class Notification(Node):
    trigger: NotificationTrigger = column("What happened.")
    contract: AContract = to_one("The contract concerned.")
    document: ADocument | None = to_one("The document that was received.")
    message: AMessage | None = to_one("The message that was received.")
    action: AnAction | None = to_one("The action that was released.")
    occurred_at: datetime = column("When it happened.")
    status: NotificationStatus = column("Pending, routed or suppressed.")
    routings: list[Routing] = to_many(
        "The routing, and a second one if every mail of the first failed permanently.", "position"
    )


@strawberry.input(description="A failed mail to retry.")
class RetryDeliveryInput:
    id: strawberry.ID = strawberry.field(description="The delivery.")


@strawberry.type(description="The mail to be retried, or the errors.")
class DeliveryPayload:
    delivery: Delivery | None = strawberry.field(description="The delivery; null if refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")
