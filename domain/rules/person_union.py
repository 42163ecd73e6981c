"""Everything of one person becomes another's; where both have the same thing, one of the two is closed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tortoise.models import Model

import domain.models
from domain.actor_transaction import ActorTransaction
from domain.locking import LOCK_ADDRESSES, LOCK_ORGANISATIONS
from domain.mandates import mandate_counts
from domain.models import AuditEntry, Membership, PersonalKey, User, WorkRelation, WorkRelationPeriod
from domain.rules.action_release import hold_actions_naming

REASON: Final = "Samengevoegd: dezelfde persoon"
"""Why a mandate or a request ends that the person has twice."""

# The audit log keeps what was written, with the key that seals it. What hangs on a work relation goes with it.
UNMOVED: Final = (AuditEntry, PersonalKey, WorkRelationPeriod, Membership)

# Of two memberships the one stays whose work relation lasts longer.
_LASTS: Final = (
    "(select max(p.valid_until) from work_relation_period p where p.work_relation_id = {0}.work_relation_id)"
)
_SHORTER: Final = f"({_LASTS.format('m')}, m.id) < ({_LASTS.format('o')}, o.id)"
# Of two mandates the one stays that counts; where both do, or neither, that of the person who stays.
_LESSER: Final = f"({mandate_counts('m')}, m.user_id = $2::bigint) < ({mandate_counts('o')}, o.user_id = $2::bigint)"
TWICE: Final = {
    "membership": f"""update membership m set ended_at = clock_timestamp() from membership o
      where m.user_id in ($1::bigint, $2::bigint) and o.user_id in ($1::bigint, $2::bigint)
        and m.user_id <> o.user_id and m.ended_at is null and o.ended_at is null and m.group_id = o.group_id
        and m.kind = o.kind and m.group_link_id is not distinct from o.group_link_id and {_SHORTER}
      returning m.id, m.organisation_id""",
    "access_mandate": f"""update access_mandate m set ended_at = clock_timestamp(), end_reason = '{REASON}'
      from access_mandate o where m.user_id in ($1::bigint, $2::bigint) and o.user_id in ($1::bigint, $2::bigint)
        and m.user_id <> o.user_id and m.ended_at is null and o.ended_at is null
        and m.organisation_id = o.organisation_id and m.kind = o.kind and {_LESSER}
      returning m.id, m.organisation_id""",
    "self_registration": f"""update self_registration m set status = 'REJECTED', decided_at = clock_timestamp(),
        decision_reason = '{REASON}'
      from self_registration o where m.applicant_id = $1::bigint and o.applicant_id = $2::bigint
        and m.status = 'OPEN' and o.status = 'OPEN' and m.organisation_id = o.organisation_id
      returning m.id, m.organisation_id""",
}
"""What closes one of two, by table; the persons are the one who goes and the one who stays."""
_CLOSED: Final = {
    "membership": "membershipsClosed",
    "access_mandate": "accessMandatesClosed",
    "self_registration": "selfRegistrationsClosed",
}
"""What the audit log calls the keys of those that are closed."""
_KNOWN_TO: Final = """
  select organisation_id as id from work_relation where user_id = $1::bigint
  union select organisation_id from access_mandate where user_id = $1::bigint
  union select organisation_id from self_registration where applicant_id = $1::bigint order by id"""


BEFORE_TURNS: Final = ("introduction", "self_registration", "access_right", "access_mandate")
"""What is people's, by the table, in the order in which it is held (decision 0049)."""
IN_TURN: Final = ("work_relation", "group_link", "membership", "document")
AFTER_ACTIONS: Final = ("assignment", "notification", "delivery", "session")
"""What is held after the turns of the organisations, and after the actions."""


@dataclass(frozen=True)
class Moved:
    """What became of one organisation's rows about the one who goes, by key."""

    organisation_id: int | None
    work_relations: list[int] = field(default_factory=list)
    closed: dict[str, list[int]] = field(default_factory=lambda: {table: [] for table in TWICE})

    def told(self) -> dict[str, list[int]]:
        """As the audit log has it."""
        closed = {_CLOSED[table]: sorted(keys) for table, keys in self.closed.items()}
        return closed | {"workRelations": sorted(self.work_relations)}


async def organisations_of(act: ActorTransaction, person: User) -> list[int]:
    """The keys of the organisations that have had to do with the person."""
    return [row["id"] for row in await act.database.execute_query_dict(_KNOWN_TO, [person.id])]


async def hold_all_of(act: ActorTransaction, gone: User, stays: User) -> None:
    """Holds every row that is going to be touched, when nobody is changing groups where the one who goes is known.

    Nothing is written before: whoever had to wait for what was written could hold what this act waits for.

    Args:
        act: The act, which holds both.
        gone: The one who goes.
        stays: The one who stays.
    """
    await act.database.execute_query(LOCK_ADDRESSES)
    await _hold(act, BEFORE_TURNS, gone)
    await act.database.execute_query(LOCK_ORGANISATIONS, [await organisations_of(act, gone)])
    await _hold(act, IN_TURN, gone)
    await hold_actions_naming(act, gone.id, stays.id)
    await _hold(act, AFTER_ACTIONS, gone)


async def _hold(act: ActorTransaction, tables: Sequence[str], gone: User) -> None:
    for table in tables:
        named = " or ".join(f'"{column}" = $1::bigint' for each, column in references() if each == table)
        # Others may go on to write what refers to it; but not to a work relation, whose person is part of its key.
        strength = "for update" if table == "work_relation" else "for no key update"
        await act.database.execute_query(f'select from "{table}" where {named} order by id {strength}', [gone.id])


async def unite(act: ActorTransaction, gone: User, stays: User) -> list[Moved]:
    """Moves everything, which is held (`hold_all_of`).

    Returns:
        What was closed and which work relations moved, for the audit log of each organisation that has had to do with
        the one who goes.
    """
    told = {key: Moved(key) for key in await organisations_of(act, gone)}
    for table, statement in TWICE.items():
        for row in await act.database.execute_query_dict(statement, [gone.id, stays.id]):
            told[row["organisation_id"]].closed[table].append(row["id"])
    for relation in await WorkRelation.filter(user_id=gone.id).using_db(act.database):
        told[relation.organisation_id].work_relations.append(relation.id)
    for table, column in references():
        # Periods and memberships follow their work relation by the database's own doing.
        statement = f'update "{table}" set "{column}" = $2::bigint where "{column}" = $1::bigint'
        await act.database.execute_query(statement, [gone.id, stays.id])
    return list(told.values())


def everywhere(moved: list[Moved]) -> Moved:
    """All of it, for the log of no organisation."""
    whole = Moved(None)
    for each in moved:
        whole.work_relations.extend(each.work_relations)
        for table, keys in each.closed.items():
            whole.closed[table].extend(keys)
    return whole


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
