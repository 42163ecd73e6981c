"""The root fields of subscriptions: a table of contents."""

import strawberry

from gql.live.subscription_field import subscription_field
from gql.schema.action import Action
from gql.schema.contract import Contract
from gql.schema.document import Document
from gql.schema.message import Message
from gql.schema.notification import Notification
from gql.schema.organisation import Organisation
from gql.schema.task import SelfRegistrationTask, Task


@strawberry.type(
    description="Live changes, over graphql-transport-ws and over server-sent events. After a reconnect, fetch again."
)
class Subscription:
    """The subscriptions."""

    task_changed: Task = subscription_field(
        "A task that was created or decided; for whoever may read the organisation's tasks.",
        Organisation,
        "tasks",
        SelfRegistrationTask,
        "organisation_id",
    )
    notification_changed: Notification = subscription_field(
        "A notification that was written or routed, or one of whose mails was sent or failed; for whoever may read the "
        "organisation's notifications.",
        Organisation,
        "notifications",
        Notification,
        "organisation_id",
    )
    action_changed: Action = subscription_field(
        "An action that was opened, assigned, released or completed; for whoever may see it on the contract.",
        Contract,
        "actions",
        Action,
        "contract_id",
    )
    document_changed: Document = subscription_field(
        "A document that was drawn up, changed, sent, announced or received, or one of whose files was announced,"
        " arrived or was removed; for whoever may read it on the contract. Deletions cause no event.",
        Contract,
        "documents",
        Document,
        "contract_id",
    )
    message_received: Message = subscription_field(
        "A message that arrived; for whoever may read it on the contract.",
        Contract,
        "messages",
        Message,
        "contract_id",
    )
