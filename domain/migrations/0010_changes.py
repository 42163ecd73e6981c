"""What is told to whoever listens: each change of a task, notification or action, and each sign-out, by its keys."""

from tortoise import migrations
from tortoise.migrations import operations as ops

from domain.database.change_triggers import change_triggers, changed_rows

ACTIONS = change_triggers(
    "Action",
    "action",
    {
        "insert": "select contract_id as owner, id as key from changed",
        "update": changed_rows("contract_id", "n.version <> o.version"),
    },
)
TASKS = change_triggers(
    "SelfRegistration",
    "self_registration",
    {
        "insert": "select organisation_id as owner, id as key from changed",
        "update": changed_rows("organisation_id", "n.status <> o.status"),
    },
)
NOTIFICATIONS = change_triggers(
    "Notification",
    "notification",
    {
        "insert": "select organisation_id as owner, id as key from changed",
        # Leases come and go unseen.
        "update": changed_rows("organisation_id", "n.status <> o.status"),
    },
)
# What becomes of a mail shows in its notification; that it is being sent is over before anybody has read it.
DELIVERIES = change_triggers(
    "Notification",
    "delivery",
    {
        "update": """select n.organisation_id as owner, r.notification_id as key
          from changed n join former o on o.id = n.id join routing r on r.id = n.routing_id
          where n.status <> o.status and n.status <> 'SENDING'"""
    },
)
SESSIONS = change_triggers(
    "Session", "session", {"update": changed_rows("id", "n.ended_at is not null and o.ended_at is null")}
)


class Migration(migrations.Migration):
    """Triggers, by the statement."""

    dependencies = [("models", "0009_attachments")]

    operations = [ops.RunSQL([*ACTIONS, *TASKS, *NOTIFICATIONS, *DELIVERIES, *SESSIONS])]
