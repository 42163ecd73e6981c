"""Everything of one person becomes another's; where both have the same thing, one of the two is closed."""

from typing import Any, Final

from tortoise.models import Model

import domain.models
from domain.acting import Acting
from domain.models import AuditEntry, Membership, PersonalKey, User, WorkRelation, WorkRelationPeriod

REASON: Final = "Samengevoegd: dezelfde persoon"
"""Why a mandate or a request ends that the person has twice."""

# The audit log keeps what was written, with the key that seals it. What hangs on a work relation goes with it.
UNMOVED: Final = (AuditEntry, PersonalKey, WorkRelationPeriod, Membership)

# Of two memberships the one stays whose work relation lasts longer.
_LASTS: Final = (
    "(select max(p.valid_until) from work_relation_period p where p.work_relation_id = {0}.work_relation_id)"
)
_SHORTER: Final = f"({_LASTS.format('m')}, m.id) < ({_LASTS.format('o')}, o.id)"
TWICE: Final = {
    "membership": f"""update membership m set ended_at = clock_timestamp() from membership o
      where m.user_id in ($1::bigint, $2::bigint) and o.user_id in ($1::bigint, $2::bigint)
        and m.user_id <> o.user_id and m.ended_at is null and o.ended_at is null and m.group_id = o.group_id
        and m.kind = o.kind and m.group_link_id is not distinct from o.group_link_id and {_SHORTER} returning m.id""",
    "access_mandate": f"""update access_mandate m set ended_at = clock_timestamp(), end_reason = '{REASON}'
      from access_mandate o where m.user_id = $1::bigint and o.user_id = $2::bigint and m.ended_at is null
        and o.ended_at is null and m.organisation_id = o.organisation_id and m.kind = o.kind returning m.id""",
    "self_registration": f"""update self_registration m set status = 'REJECTED', decided_at = clock_timestamp(),
        decision_reason = '{REASON}'
      from self_registration o where m.applicant_id = $1::bigint and o.applicant_id = $2::bigint
        and m.status = 'OPEN' and o.status = 'OPEN' and m.organisation_id = o.organisation_id returning m.id""",
}
"""What closes one of two, by table; the persons are the one who goes and the one who stays."""


async def unite(act: Acting, gone: User, stays: User) -> dict[str, Any]:
    """Moves everything, and says what was closed and which work relations moved, by key, for the audit log."""
    told: dict[str, Any] = {}
    for table, statement in TWICE.items():
        closed = await act.database.execute_query_dict(statement, [gone.id, stays.id])
        told[f"{table}_closed"] = sorted(row["id"] for row in closed)
    relations = await WorkRelation.filter(user_id=gone.id).using_db(act.database).values_list("id", flat=True)
    for table, column in references():
        # Periods and memberships follow their work relation by the database's own doing.
        statement = f'update "{table}" set "{column}" = $2::bigint where "{column}" = $1::bigint'
        await act.database.execute_query(statement, [gone.id, stays.id])
    return told | {"work_relations": sorted(relations)}


def references() -> list[tuple[str, str]]:
    """The columns that point at a person and are moved, each with its table."""
    named = (getattr(domain.models, name) for name in domain.models.__all__)
    models = [one for one in named if isinstance(one, type) and issubclass(one, Model)]
    return [
        (model._meta.db_table, f"{field}_id")
        for model in models
        for field in sorted(model._meta.fk_fields)
        if _leads_to_a_person(model, field) and not (model in UNMOVED and field in {"user", "actor"})
    ]


def _leads_to_a_person(model: type[Model], field: str) -> bool:
    return getattr(model._meta.fields_map[field], "related_model", None) is User
