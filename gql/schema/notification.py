"""What was mailed, to whom and why."""

from datetime import datetime

import strawberry

from domain import models, visibility
from gql.explanations import explanation
from gql.reading.declare import column, many, one, worded
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


@strawberry.input(description="Which notifications to list.")
class NotificationFilter:
    trigger: NotificationTrigger | None = strawberry.field(default=None, description="Only of this event.")
    status: NotificationStatus | None = strawberry.field(default=None, description="Only in this state.")


@entity(
    models.Delivery,
    visible=visibility.delivery,
    description="One mail to one address.",
)
class Delivery(Node):
    notification: ANotification = one(
        "What it tells about.", key="(select dr.notification_id from routing dr where dr.id = {row}.routing_id)"
    )
    address: EmailAddress | None = column("Where it goes. Null once erased.")
    message_id: str = column("The mail's Message-ID: the same at every try.")
    status: DeliveryStatus = column("What became of it.")
    attempts: int = column("How often it was tried.")
    last_error: str | None = column("What the mail server said, or what happened, when it last went wrong.")
    sent_at: datetime | None = column("When the mail server took it.")


@entity(
    models.Routing,
    visible=visibility.routing,
    description="To which level a notification went, and why; decided once and kept.",
)
class Routing:
    level: NotificationLevel | None = column("The level; null when nobody had an address.")
    explanation: str = worded("Why this level, or why nobody.", explanation, "level", "explanation")
    decided_at: datetime = column("When it was decided.")
    deliveries: list[Delivery] = many("The mails, one an address.", "id")


@entity(
    models.Notification,
    visible=visibility.notification,
    description="An event that is mailed (notificatie, manual 4).",
)
class Notification(Node):
    trigger: NotificationTrigger = column("What happened.")
    contract: AContract = one("The contract that it is about.")
    document: ADocument | None = one("The document that was received.")
    message: AMessage | None = one("The message that was received.")
    action: AnAction | None = one("The action that was released.")
    occurred_at: datetime = column("When it happened.")
    status: NotificationStatus = column("Waiting, routed or suppressed.")
    routings: list[Routing] = many("One, and a second when every delivery of the first failed for good.", "position")


@strawberry.input(description="A mail that failed, to be tried again.")
class RetryDeliveryInput:
    id: strawberry.ID = strawberry.field(description="The delivery.")


@strawberry.type(description="A mail that is tried again, or why not.")
class DeliveryPayload:
    delivery: Delivery | None = strawberry.field(description="The delivery; null when refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it worked.")
