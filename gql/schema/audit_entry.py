"""Who did what, when and why."""

from datetime import datetime
from typing import Any, Final

import orjson

from domain import models, visibility
from gql.reading.declare import anything, column, computed, one, sql
from gql.reading.ids import global_id
from gql.reading.paging import Order, Paging
from gql.reading.sources import entity
from gql.schema.node import Node
from gql.schema.references import AUser

AUDIT_LOG = Paging(orders={"AT": Order("{row}.at", "timestamptz")}, default=("AT", True))


NAMED: Final = {
    "accessMandatesClosed": "AccessMandate",
    "assignee": "User",
    "contracts": "Contract",
    "groups": "Group",
    "member": "User",
    "members": "User",
    "membershipsClosed": "Membership",
    "returned": "User",
    "right": "AccessRight",
    "selfRegistrationsClosed": "SelfRegistrationTask",
    "user": "User",
    "workRelation": "WorkRelation",
    "workRelations": "WorkRelation",
}
"""The values that are keys of rows in the table, one or a list, and the type of those rows."""


_TOLD: Final = "in the words of its day. Other rows are named in it by their ids, and personal values are sealed."


def _as_text(told: dict[str, Any] | None) -> str | None:
    if told is None:
        return None
    read = {name: _ids(NAMED[name], value) if name in NAMED else value for name, value in told.items()}
    return orjson.dumps(read, option=orjson.OPT_SORT_KEYS).decode()


def _ids(kind: str, keys: int | list[int] | None) -> str | list[str] | None:
    if isinstance(keys, list):
        return [global_id(kind, key) for key in keys]
    return None if keys is None else global_id(kind, keys)


@entity(
    models.AuditEntry,
    visible=visibility.audit_entry,
    description="One act on one subject: a row that is only ever added.",
)
class AuditEntry(Node):
    at: datetime = column("When.")
    actor: AUser | None = one(
        "The person who acted; null when the viewer may not see them, as nobody sees who was merged with another since."
    )
    actor_name: str = sql(
        "Who acted: the person's name, after a merge as well; the machine client or the system, when no person acted.",
        """coalesce((select an.given_name || ' ' || an.family_name from person an where an.id = {row}.actor_id),
           {row}.actor_name, 'system')""",
    )
    action: str = column("What was done, such as `GROUP_CREATED`.")
    subject: Node | None = anything("What it was done to; null when the viewer may not see it.", "subject")
    reason: str | None = column("Why, where a reason is asked for.")
    before: str | None = computed(f"How it was, as JSON; {_TOLD}", _as_text, "before")
    after: str | None = computed(f"How it became, as JSON; {_TOLD}", _as_text, "after")
