"""Who did what, when and why."""

from datetime import datetime
from typing import Any, Final

import orjson
import strawberry

from domain import models, visibility
from domain.actor import SYSTEM
from gql.audit_actions import action_name, actor_name
from gql.reading.declare import anything, column, computed, one, worded, worded_sql
from gql.reading.ids import NO_ROW, from_global_id, global_id
from gql.reading.paging import Filter, Order, Paging
from gql.reading.sources import SOURCES, entity
from gql.schema.enums import AuditAction
from gql.schema.node import Node
from gql.schema.references import AUser


def _row_named(given: str) -> tuple[str, str]:
    """The model and the key that an id names, as texts; of no row where it is none of ours."""
    kind, key = from_global_id(given) or ("", NO_ROW)
    source = SOURCES.get(kind)
    return (source.model.__name__ if source and source.model else "", str(key))


# Whoever reads an entry reads who acted, by name, and which rows it tells of, by their ids: so these filters tell
# nobody more. A person's are the acts of whoever was made one with them, too.
AUDIT_LOG = Paging(
    orders={"AT": Order("{row}.at", "timestamptz")},
    default=("AT", True),
    filters={
        "actions": Filter("{row}.action in (:value)", "text"),
        "subject_id": Filter(
            """{row}.subject_type = (:value)[1] and {row}.subject_id in (
              select (:value)[2]::bigint union all
              select fs.id from person fs where fs.merged_into_id = (:value)[2]::bigint and (:value)[1] = 'User')""",
            "text[]",
            read=_row_named,
        ),
        "actor_id": Filter(
            """{row}.actor_id in (
              select :value union all select fa.id from person fa where fa.merged_into_id = :value)""",
            "bigint",
            entity="User",
        ),
        "from_": Filter("{row}.at >= :value", "timestamptz"),
        "until": Filter("{row}.at < :value", "timestamptz"),
    },
)


@strawberry.input(description="Which entries of an audit log to list: those that all of it is true of.")
class AuditEntryFilter:
    actions: list[AuditAction] | None = strawberry.field(
        default=None, description="Only these acts; of an empty list none."
    )
    subject_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only what was done to the object with this id, whatever its type."
    )
    actor_id: strawberry.ID | None = strawberry.field(default=None, description="Only what this user did.")
    from_: datetime | None = strawberry.field(name="from", default=None, description="Only from this moment on.")
    until: datetime | None = strawberry.field(
        default=None,
        description="Only before this moment, not at it: for a whole day in Brussels, `from` is the midnight that it "
        "begins with and `until` the next one, each with its distance from UTC.",
    )


BECAME: Final = "(select coalesce(became.merged_into_id, became.id) from person became where became.id = {})"
"""SQL: the key of whom the person with a key became, who was merged with another; their own otherwise."""
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
        "The person who acted, or with whom they were merged since; null when the viewer may not see them.",
        key=BECAME.format("{row}.actor_id"),
    )
    actor_name: str = worded_sql(
        "Who acted: the person's name, after a merge as well; when no person acted, the machine client's, or in the "
        "reader's language the system or its operator, such as `Het systeem`.",
        f"""coalesce((select an.given_name || ' ' || an.family_name from person an where an.id = {{row}}.actor_id),
           {{row}}.actor_name, '{SYSTEM.name}')""",
        actor_name,
    )
    action: str = column("What was done, such as `GROUP_CREATED`: a value of `AuditAction`.")
    action_name: str = worded(
        "What was done, in the reader's language, such as `Groep aangemaakt`.", action_name, "action"
    )
    subject: Node | None = anything(
        "What it was done to, a person as `actor`; null when the viewer may not see it.",
        "subject",
        key=f"""case {{row}}.subject_type when 'User' then {BECAME.format("{row}.subject_id")}
          else {{row}}.subject_id end""",
    )
    reason: str | None = column("Why, where a reason is asked for.")
    before: str | None = computed(f"How it was, as JSON; {_TOLD}", _as_text, "before")
    after: str | None = computed(f"How it became, as JSON; {_TOLD}", _as_text, "after")
