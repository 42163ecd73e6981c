"""The audit log: who did what, when and why."""

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


def _parse_subject_id(node_id: str) -> tuple[str, str]:
    """The model's name and the key in a global id, as texts; those of no row for an id that isn't ours."""
    kind, key = from_global_id(node_id) or ("", NO_ROW)
    source = SOURCES.get(kind)
    return (source.model.__name__ if source and source.model else "", str(key))


# The filters disclose nothing: whoever reads an entry also reads the actor's name and the ids of the rows. A filter for
# a person includes the people who were merged into them.
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
            parse=_parse_subject_id,
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


CURRENT_PERSON: Final = "(select coalesce(cp.merged_into_id, cp.id) from person cp where cp.id = {})"
"""SQL: the key of the person into whom the person with a key was merged, or else their own key."""
REFERENCED_TYPES: Final = {
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
"""The values in `before` and `after` that are keys, one or a list, by name, and the type of what they refer to."""

_STATE_DESCRIPTION: Final = (
    "with the names of its time. Other objects are given by id, and personal values are encrypted."
)


def _state_json(state: dict[str, Any] | None) -> str | None:
    """A state as JSON, with global ids in place of keys."""
    if state is None:
        return None
    values = {
        name: _global_ids(REFERENCED_TYPES[name], value) if name in REFERENCED_TYPES else value
        for name, value in state.items()
    }
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()


def _global_ids(kind: str, keys: int | list[int] | None) -> str | list[str] | None:
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
        key=CURRENT_PERSON.format("{row}.actor_id"),
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
        key=f"""case {{row}}.subject_type when 'User' then {CURRENT_PERSON.format("{row}.subject_id")}
          else {{row}}.subject_id end""",
    )
    reason: str | None = column("The reason, for actions that require one.")
    before: str | None = computed(f"The previous state as JSON, {_STATE_DESCRIPTION}", _state_json, "before")
    after: str | None = computed(f"The new state as JSON, {_STATE_DESCRIPTION}", _state_json, "after")
