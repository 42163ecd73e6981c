"""Who did what, when and why."""

from datetime import datetime
from typing import Any

import orjson

from domain import models, visibility
from gql.reading.declare import anything, column, computed, one, sql
from gql.reading.pages import Order, Paging
from gql.reading.sources import entity
from gql.schema.node import Node
from gql.schema.references import AUser

AUDIT_LOG = Paging(orders={"AT": Order("{row}.at", "timestamptz")}, default=("AT", True))


def _as_text(told: Any) -> str | None:
    return None if told is None else orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()


@entity(
    models.AuditEntry,
    visible=visibility.audit_entry,
    description="One act on one subject: a row that is only ever added.",
)
class AuditEntry(Node):
    """One act on one subject."""

    at: datetime = column("When.")
    actor: AUser | None = one("The person who acted.")
    actor_name: str = sql(
        "Who acted: the person's name; the machine client or the system, when no person acted.",
        """coalesce((select an.given_name || ' ' || an.family_name from person an where an.id = {row}.actor_id),
           {row}.actor_name, 'system')""",
    )
    action: str = column("What was done, such as `GROUP_CREATED`.")
    subject: Node | None = anything("What it was done to; null when the viewer may not see it.", "subject")
    reason: str | None = column("Why, where a reason is asked for.")
    before: str | None = computed("How it was, as JSON; personal values are sealed in it.", _as_text, "before")
    after: str | None = computed("How it became, as JSON; personal values are sealed in it.", _as_text, "after")
