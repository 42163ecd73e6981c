"""The rows of one person moved to another when the two are merged; of duplicates, one is closed.

The source is the person who is merged into the target, who remains.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tortoise.models import Model

import domain.models
from domain.actor_transaction import ActorTransaction
from domain.locking import LOCK_ADDRESSES, LOCK_ORGANISATIONS
from domain.mandates import mandate_counts
from domain.models import AuditEntry, Membership, PersonalKey, User, WorkRelation, WorkRelationPeriod
from domain.rules.action_lock import lock_actions_for_merge

DUPLICATE_REASON: Final = "Samengevoegd: dezelfde persoon"
"""The end reason of a mandate or a request that both people have."""

# Audit entries are never changed, and need the key that seals them. Periods and memberships move with their work
# relation.
NOT_MOVED: Final = (AuditEntry, PersonalKey, WorkRelationPeriod, Membership)

# Of two memberships, the one whose work relation lasts longer is kept.
_LASTS: Final = (
    "(select max(p.valid_until) from work_relation_period p where p.work_relation_id = {0}.work_relation_id)"
)
_SHORTER: Final = f"({_LASTS.format('m')}, m.id) < ({_LASTS.format('o')}, o.id)"
# Of two mandates, the one that counts is kept; if both count, or neither, the target's.
_LESSER: Final = f"({mandate_counts('m')}, m.user_id = $2::bigint) < ({mandate_counts('o')}, o.user_id = $2::bigint)"
CLOSE_DUPLICATES: Final = {
    "membership": f"""update membership m set ended_at = clock_timestamp() from membership o
      where m.user_id in ($1::bigint, $2::bigint) and o.user_id in ($1::bigint, $2::bigint)
        and m.user_id <> o.user_id and m.ended_at is null and o.ended_at is null and m.group_id = o.group_id
        and m.kind = o.kind and m.group_link_id is not distinct from o.group_link_id and {_SHORTER}
      returning m.id, m.organisation_id""",
    "access_mandate": f"""update access_mandate m set ended_at = clock_timestamp(), end_reason = '{DUPLICATE_REASON}'
      from access_mandate o where m.user_id in ($1::bigint, $2::bigint) and o.user_id in ($1::bigint, $2::bigint)
        and m.user_id <> o.user_id and m.ended_at is null and o.ended_at is null
        and m.organisation_id = o.organisation_id and m.kind = o.kind and {_LESSER}
      returning m.id, m.organisation_id""",
    "self_registration": f"""update self_registration m set status = 'REJECTED', decided_at = clock_timestamp(),
        decision_reason = '{DUPLICATE_REASON}'
      from self_registration o where m.applicant_id = $1::bigint and o.applicant_id = $2::bigint
        and m.status = 'OPEN' and o.status = 'OPEN' and m.organisation_id = o.organisation_id
      returning m.id, m.organisation_id""",
}
"""SQL that closes one of two duplicates, by table; its parameters are the keys of the source and the target."""
_AUDIT_NAMES: Final = {
    "membership": "membershipsClosed",
    "access_mandate": "accessMandatesClosed",
    "self_registration": "selfRegistrationsClosed",
}
"""The name of the keys of closed rows in the audit log, by table."""
_ORGANISATIONS: Final = """
  select organisation_id as id from work_relation where user_id = $1::bigint
  union select organisation_id from access_mandate where user_id = $1::bigint
  union select organisation_id from self_registration where applicant_id = $1::bigint order by id"""


LOCKED_FIRST: Final = ("introduction", "self_registration", "access_right", "access_mandate")
LOCKED_AFTER_ORGANISATIONS: Final = ("work_relation", "group_link", "membership", "document")
LOCKED_AFTER_ACTIONS: Final = ("assignment", "notification", "delivery", "session")
"""The tables that refer to people, in the order in which their rows are locked (decision 0049)."""


@dataclass(frozen=True)
class MergedRows:
    """The keys of one organisation's rows about the source that were moved or closed."""

    organisation_id: int | None
    work_relations: list[int] = field(default_factory=list)
    closed: dict[str, list[int]] = field(default_factory=lambda: {table: [] for table in CLOSE_DUPLICATES})

    def audit_values(self) -> dict[str, list[int]]:
        """The keys as the audit log has them."""
        closed = {_AUDIT_NAMES[table]: sorted(keys) for table, keys in self.closed.items()}
        return closed | {"workRelations": sorted(self.work_relations)}


async def organisations_of(act: ActorTransaction, person: User) -> list[int]:
    """The keys of the organisations with which the person has or had a work relation, a mandate or a request."""
    return [row["id"] for row in await act.database.execute_query_dict(_ORGANISATIONS, [person.id])]


async def lock_rows(act: ActorTransaction, source: User, target: User) -> None:
    """Locks every row that the merge changes, and the organisations of the source.

    They are locked before anything is written: a transaction that waited for what was written could hold a lock that
    the merge waits for.

    Args:
        act: The transaction, which holds the locks on both people.
        source: The person who is merged into the target.
        target: The person who remains.
    """
    await act.database.execute_query(LOCK_ADDRESSES)
    await _lock(act, LOCKED_FIRST, source)
    await act.database.execute_query(LOCK_ORGANISATIONS, [await organisations_of(act, source)])
    await _lock(act, LOCKED_AFTER_ORGANISATIONS, source)
    await lock_actions_for_merge(act, source.id, target.id)
    await _lock(act, LOCKED_AFTER_ACTIONS, source)


async def _lock(act: ActorTransaction, tables: Sequence[str], source: User) -> None:
    for table in tables:
        condition = " or ".join(f'"{column}" = $1::bigint' for each, column in references() if each == table)
        # `no key`: others may still insert rows that refer to it. The person is part of a work relation's key.
        lock = "for update" if table == "work_relation" else "for no key update"
        await act.database.execute_query(f'select from "{table}" where {condition} order by id {lock}', [source.id])


async def move_rows(act: ActorTransaction, source: User, target: User) -> list[MergedRows]:
    """Moves all rows of the source, which `lock_rows` has locked, to the target.

    Returns:
        The closed rows and the moved work relations of each of the source's organisations, for their audit logs.
    """
    merged = {key: MergedRows(key) for key in await organisations_of(act, source)}
    for table, statement in CLOSE_DUPLICATES.items():
        for row in await act.database.execute_query_dict(statement, [source.id, target.id]):
            merged[row["organisation_id"]].closed[table].append(row["id"])
    for relation in await WorkRelation.filter(user_id=source.id).using_db(act.database):
        merged[relation.organisation_id].work_relations.append(relation.id)
    for table, column in references():
        # Periods and memberships move with their work relation, since their foreign key cascades.
        statement = f'update "{table}" set "{column}" = $2::bigint where "{column}" = $1::bigint'
        await act.database.execute_query(statement, [source.id, target.id])
    return list(merged.values())


def combined(merged: list[MergedRows]) -> MergedRows:
    """The rows of all organisations together, for the audit entry that belongs to no organisation."""
    total = MergedRows(None)
    for each in merged:
        total.work_relations.extend(each.work_relations)
        for table, keys in each.closed.items():
            total.closed[table].extend(keys)
    return total


def references() -> list[tuple[str, str]]:
    """The columns that refer to people and are moved, each with its table."""
    exported = (getattr(domain.models, name) for name in domain.models.__all__)
    models = [each for each in exported if isinstance(each, type) and issubclass(each, Model)]
    return [
        (model._meta.db_table, f"{field}_id")
        for model in models
        for field in sorted(model._meta.fk_fields)
        if _refers_to_a_person(model, field) and not (model in NOT_MOVED and field in {"user", "actor"})
    ]


def _refers_to_a_person(model: type[Model], field: str) -> bool:
    return getattr(model._meta.fields_map[field], "related_model", None) is User
