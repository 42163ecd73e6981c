"""The statements that lock a row by its key: one text for a model, so that PostgreSQL plans each once.

What is a person's is locked after the person, by every rule: a work relation, a right, a request. So two transactions
on what one person may do come one after the other, and never deadlock.
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
"""SQL: the key of the person whose the row with the key $1 is."""


def column_list(model: type[Model], row: str) -> str:
    """SQL: all columns of the model, of the row that `row` names; the models must be open, which know them then."""
    return ", ".join(f'{row}."{column}"' for column in sorted(model._meta.db_fields))


def model_instance(model: type[ModelT], row: Mapping[str, Any]) -> ModelT:
    """The model instance of a row that has all its columns."""
    return model._init_from_db(**row)  # noqa: SLF001  # Tortoise's own queries do the same


def _organisation_lock(organisation: str) -> str:
    """SQL: the number of the advisory lock of the organisation whose key the SQL `organisation` names."""
    return f"hashtextextended('groups', {organisation})"


_ORGANISATION_OF: Final[dict[type[Model], str]] = {
    Organisation: "id",
    Action: "(select c.organisation_id from contract c where c.id = contract_id)",
}
"""SQL: the key of the organisation that is locked with a row, where it isn't a column of it."""

LOCK_PEOPLE: Final = "select pg_advisory_xact_lock(hashtextextended('people', 0))"
"""Taken before several people are locked: their order is not enough where some are made meanwhile."""

_ADDRESSES: Final = "hashtextextended('addresses', 0)"
LOCK_ADDRESSES_SHARED: Final = f"select pg_advisory_xact_lock_shared({_ADDRESSES})"
"""Taken before people's addresses are looked up to be frozen: whoever erases somebody, or makes one person of two,
waits until they are, and finds what was frozen."""
LOCK_ADDRESSES: Final = f"select pg_advisory_xact_lock({_ADDRESSES})"
"""Waits for those who looked addresses up, and has others wait before they do."""

LOCK_ORGANISATIONS: Final = f"""select pg_advisory_xact_lock({_organisation_lock("id")})
  from (select unnest($1::bigint[]) as id order by id) organisation"""
"""Locks several organisations in the order of their keys; see `lock_organisation_and_row`."""


@cache
def lock_row(model: type[Model], *, wait: bool) -> str:
    """Locks the row whose key is $1, after the person whose it is, and gives its newest columns.

    Args:
        model: What the row is.
        wait: Whether to wait for whoever holds one of the two; otherwise no row is given then.
    """
    # Others may go on to write rows that refer to it (`no key`): otherwise two transactions that each hold what the
    # other's audit row names would wait for each other forever.
    lock = "for no key update" if wait else "for no key update skip locked"
    of_row = lock.replace("update", "update of t")
    if model in _PERSON_OF:
        return f"""with held as materialized (select from person where id = ({_PERSON_OF[model]}) {lock})
          select {column_list(model, "t")} from held cross join "{model._meta.db_table}" t
          where t.id = $1::bigint {of_row}"""
    return f'select {column_list(model, "t")} from "{model._meta.db_table}" t where t.id = $1::bigint {of_row}'


@cache
def lock_person_of(model: type[Model]) -> str | None:
    """Locks the person whose the row with the key $1 is, and nothing else; None where a row is no person's."""
    person = _PERSON_OF.get(model)
    return f"select from person where id = ({person}) for no key update" if person else None


@cache
def lock_organisation_and_row(model: type[Model], *, wait: bool) -> str:
    """Locks the row's organisation against other changes to groups, links and members, then the row whose key is $1.

    These changes touch a group, its contracts and their links in orders of their own; without the advisory lock, two of
    them could wait for each other forever. A row is locked when the join has made it, and the join makes it once the
    advisory lock is held.

    For an action the advisory lock is shared: such a change gives nothing to groups, and relies on what they give.

    Args:
        model: What the row is.
        wait: Whether to wait for whoever holds one of the two locks; otherwise no row is given then.
    """
    table, skip = model._meta.db_table, "" if wait else "skip locked"
    mode = "_shared" if model is Action else ""
    key = _organisation_lock(_ORGANISATION_OF.get(model, "organisation_id"))
    locked = f"pg_advisory_xact_lock{mode}({key}) is not null" if wait else f"pg_try_advisory_xact_lock{mode}({key})"
    # An organisation is only read: whoever holds it may be waiting for a person, and that one's holder for this lock.
    lock = "for key share" if model is Organisation else "for no key update"
    return f"""with organisation_lock as materialized (
        select id, {locked} as locked from "{table}" where id = $1::bigint)
      select {column_list(model, "t")} from organisation_lock o join "{table}" t on t.id = o.id and o.locked
      {lock} of t {skip}"""
