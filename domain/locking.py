"""The statements that lock a row by its key: one text for each model, so that PostgreSQL plans each once.

Every rule locks the person before the rows that belong to them: work relations, rights, requests (decision 0049). Two
transactions on the access of one person therefore run one after the other, and never deadlock.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, TypeVar

from tortoise.models import Model

from domain.models import AccessRight, Action, Organisation, SelfRegistration, WorkRelation

ModelT = TypeVar("ModelT", bound=Model)

_PERSON_OF: Final[dict[type[Model], str]] = {
    WorkRelation: "select user_id from work_relation where id = $1::bigint",
    AccessRight: """select w.user_id from access_right r join work_relation w on w.id = r.work_relation_id
      where r.id = $1::bigint""",
    SelfRegistration: "select applicant_id from self_registration where id = $1::bigint",
}
"""SQL: the key of the person to whom the row with key $1 belongs."""


def column_list(model: type[Model], row: str) -> str:
    """SQL: all columns of the table or alias `row`, as Tortoise knows them once the database is open."""
    return ", ".join(f'{row}."{column}"' for column in sorted(model._meta.db_fields))


def model_instance(model: type[ModelT], row: Mapping[str, Any]) -> ModelT:
    """The model instance of a row that has all its columns."""
    return model._init_from_db(**row)  # noqa: SLF001  # Tortoise's own queries do the same


def _organisation_lock(organisation: str) -> str:
    """SQL: the number of an organisation's advisory lock; the SQL `organisation` is the organisation's key."""
    return f"hashtextextended('groups', {organisation})"


_ORGANISATION_OF: Final[dict[type[Model], str]] = {
    Organisation: "id",
    Action: "(select c.organisation_id from contract c where c.id = contract_id)",
}
"""SQL: the key of the organisation that is locked with a row, where the row has no column `organisation_id`."""

LOCK_PEOPLE: Final = "select pg_advisory_xact_lock(hashtextextended('people', 0))"
"""Taken before several people are locked: an order by key doesn't prevent deadlocks while people are being added."""

_ADDRESSES: Final = "hashtextextended('addresses', 0)"
LOCK_ADDRESSES_SHARED: Final = f"select pg_advisory_xact_lock_shared({_ADDRESSES})"
"""Taken before addresses are read to be stored with deliveries: an erasure or a merge of people waits until they are
stored, and then finds them."""
LOCK_ADDRESSES: Final = f"select pg_advisory_xact_lock({_ADDRESSES})"
"""Taken by an erasure or a merge of people: waits for transactions that are storing addresses, and blocks new ones."""

LOCK_ORGANISATIONS: Final = f"""select pg_advisory_xact_lock({_organisation_lock("id")})
  from (select unnest($1::bigint[]) as id order by id) organisation"""
"""Locks several organisations in the order of their keys; see `lock_organisation_and_row`."""


@cache
def lock_row(model: type[Model], *, wait: bool) -> str:
    """Locks the row with key $1, after the person to whom it belongs, and returns its current columns.

    Args:
        model: The row's model.
        wait: Whether to wait if another transaction holds one of the two; otherwise no row is returned then.
    """
    # `no key`: others may still insert rows that refer to it. Otherwise two transactions would deadlock when each holds
    # a row that the other's audit entry refers to.
    lock = "for no key update" if wait else "for no key update skip locked"
    row_lock = lock.replace("update", "update of t")
    if model in _PERSON_OF:
        return f"""with locked_person as materialized (
            select from person where id = ({_PERSON_OF[model]}) {lock})
          select {column_list(model, "t")} from locked_person cross join "{model._meta.db_table}" t
          where t.id = $1::bigint {row_lock}"""
    return f'select {column_list(model, "t")} from "{model._meta.db_table}" t where t.id = $1::bigint {row_lock}'


@cache
def lock_person_of(model: type[Model]) -> str | None:
    """Locks the person to whom the row with key $1 belongs, and nothing else; None if rows of the model have none."""
    person = _PERSON_OF.get(model)
    return f"select from person where id = ({person}) for no key update" if person else None


@cache
def lock_organisation_and_row(model: type[Model], *, wait: bool) -> str:
    """Locks the row's organisation against other changes to groups, links and members, then the row with key $1.

    These changes lock a group, its contracts and their links in different orders; without the advisory lock, two of
    them could deadlock. The row is locked after the join, which produces it only once the advisory lock is held.

    For an action the advisory lock is shared: assigning one doesn't change what groups grant, but relies on it.

    Args:
        model: The row's model.
        wait: Whether to wait if another transaction holds one of the two locks; otherwise no row is returned then.
    """
    table, skip = model._meta.db_table, "" if wait else "skip locked"
    mode = "_shared" if model is Action else ""
    key = _organisation_lock(_ORGANISATION_OF.get(model, "organisation_id"))
    locked = f"pg_advisory_xact_lock{mode}({key}) is not null" if wait else f"pg_try_advisory_xact_lock{mode}({key})"
    # An organisation is only read. A transaction that holds its row may wait for a person, whose holder may wait for
    # this lock.
    lock = "for key share" if model is Organisation else "for no key update"
    return f"""with organisation_lock as materialized (
        select id, {locked} as locked from "{table}" where id = $1::bigint)
      select {column_list(model, "t")} from organisation_lock o join "{table}" t on t.id = o.id and o.locked
      {lock} of t {skip}"""
