"""Who did what, when and why."""

from datetime import datetime
from typing import Any, Final

import orjson
import strawberry

from domain import models, visibility
from domain.actor import SYSTEM
from gql.audit_actions import action_name, actor_name
from gql.reading.declare import column, computed, computed_in_language, polymorphic, sql_in_language, to_one
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
            parse=_row_named,
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


@strawberry.input(description="Filters entries of an audit log; all conditions must hold.")
class AuditEntryFilter:
    actions: list[AuditAction] | None = strawberry.field(
        default=None, description="Only these actions; an empty list matches none."
    )
    subject_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only actions on the object with this id, of any type."
    )
    actor_id: strawberry.ID | None = strawberry.field(default=None, description="Only actions of this user.")
    from_: datetime | None = strawberry.field(
        name="from", default=None, description="Only from this moment on (inclusive)."
    )
    until: datetime | None = strawberry.field(
        default=None,
        description="Only before this moment (exclusive). For a whole day in Brussels, `from` is the midnight at its "
        "start and `until` the next one, each with its UTC offset.",
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


_STATE: Final = "with the names of its time. Other objects are given by id, and personal values are encrypted."


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
    description="An audit entry: one action on one object. Entries are never changed.",
)
class AuditEntry(Node):
    at: datetime = column("When it happened.")
    actor: AUser | None = to_one(
        "The person who acted, or the one they have been merged into; null if the viewer may not see them.",
        key=BECAME.format("{row}.actor_id"),
    )
    actor_name: str = sql_in_language(
        "The name of the person who acted, kept after a merge; otherwise the machine client's name, or the system"
        " or its operator in the viewer's language, such as `Het systeem`.",
        f"""coalesce((select an.given_name || ' ' || an.family_name from person an where an.id = {{row}}.actor_id),
           {{row}}.actor_name, '{SYSTEM.name}')""",
        actor_name,
    )
    action: str = column("What was done, such as `GROUP_CREATED`: a value of `AuditAction`.")
    action_name: str = computed_in_language(
        "What was done, in the viewer's language, such as `Groep aangemaakt`.", action_name, "action"
    )
    subject: Node | None = polymorphic(
        "The object concerned; for a merged person as in `actor`. Null if the viewer may not see it.",
        "subject",
        key=f"""case {{row}}.subject_type when 'User' then {BECAME.format("{row}.subject_id")}
          else {{row}}.subject_id end""",
    )
    reason: str | None = column("The reason, for actions that require one.")
    before: str | None = computed(f"The previous state as JSON, {_STATE}", _as_text, "before")
    after: str | None = computed(f"The new state as JSON, {_STATE}", _as_text, "after")
