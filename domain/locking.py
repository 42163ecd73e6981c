"""The statements that lock a row by its key: one text for a model, so that PostgreSQL plans each once.

What is a person's is locked after the person, by whichever act: a work relation, a right, a request. So two acts on
what one person may do come one after the other, and never each wait for what the other has.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, TypeVar

from tortoise.models import Model

from domain.models import AccessRight, Action, Organisation, SelfRegistration, WorkRelation

Locked = TypeVar("Locked", bound=Model)

_PERSON_OF: Final[dict[type[Model], str]] = {
    WorkRelation: "select user_id from work_relation where id = $1::bigint",
    AccessRight: """select w.user_id from access_right r join work_relation w on w.id = r.work_relation_id
      where r.id = $1::bigint""",
    SelfRegistration: "select applicant_id from self_registration where id = $1::bigint",
}
"""The key of the person whose the row is."""


def columns(model: type[Model], row: str) -> str:
    """SQL: all columns of the model, of the row that `row` names; the models must be open, which know them then."""
    return ", ".join(f'{row}."{column}"' for column in sorted(model._meta.db_fields))


def instance(model: type[Locked], row: Mapping[str, Any]) -> Locked:
    """What a row of all columns is in Python."""
    return model._init_from_db(**row)  # noqa: SLF001  # Tortoise's own queries make their rows so


def _turn_of(organisation: str) -> str:
    """SQL: the number of the lock that is the turn of the organisation whose key the SQL `organisation` names."""
    return f"hashtextextended('groups', {organisation})"


_ORGANISATION_OF: Final[dict[type[Model], str]] = {
    Organisation: "id",
    Action: "(select c.organisation_id from contract c where c.id = contract_id)",
}
"""SQL: the key of the organisation whose turn is taken with a row, where it isn't a column of it."""

SEVERAL_PEOPLE: Final = "select pg_advisory_xact_lock(hashtextextended('people', 0))"
"""Takes the turn of those who hold several people: their order is not enough where some are made meanwhile."""

_ADDRESSES: Final = "hashtextextended('addresses', 0)"
ADDRESSING: Final = f"select pg_advisory_xact_lock_shared({_ADDRESSES})"
"""Before people's addresses are looked up to be frozen: whoever erases somebody, or makes one person of two, waits
until they are, and finds what was frozen."""
NOBODY_ADDRESSING: Final = f"select pg_advisory_xact_lock({_ADDRESSES})"
"""Waits for those who looked addresses up, and has others wait before they do."""

TURNS: Final = f"""select pg_advisory_xact_lock({_turn_of("id")})
  from (select unnest($1::bigint[]) as id order by id) organisation"""
"""Takes the turns of several organisations, one after the other in the order of their keys; see `turn_and_lock`."""


@cache
def one_lock(model: type[Model], *, wait: bool) -> str:
    """Locks the row whose key is the statement's value, after the person whose it is, and gives its newest columns.

    Args:
        model: What the row is.
        wait: Whether whoever holds one of the two is waited for; otherwise no row is given then.
    """
    # Others may go on to write rows that refer to it (`no key`): else two acts that each hold what the other's audit
    # row names would wait for each other forever.
    lock = "for no key update" if wait else "for no key update skip locked"
    of_row = lock.replace("update", "update of t")
    if model in _PERSON_OF:
        return f"""with held as materialized (select from person where id = ({_PERSON_OF[model]}) {lock})
          select {columns(model, "t")} from held cross join "{model._meta.db_table}" t
          where t.id = $1::bigint {of_row}"""
    return f'select {columns(model, "t")} from "{model._meta.db_table}" t where t.id = $1::bigint {of_row}'


@cache
def lock_of_person(model: type[Model]) -> str | None:
    """Locks the person whose the row is, and nothing else; None where a row is no person's."""
    person = _PERSON_OF.get(model)
    return f"select from person where id = ({person}) for no key update" if person else None


@cache
def turn_and_lock(model: type[Model], *, wait: bool) -> str:
    """Takes the turn for changes to groups, links and members of the row's organisation, then locks the row.

    These changes touch a group, its contracts and their links in orders of their own; without turns, two of them could
    wait for each other forever. A row is locked when the join has made it, and the join makes it of what the turn has
    given.

    For an action the turn is shared with others who have one: they change nothing that groups give, and rely on it.

    Args:
        model: What the row is.
        wait: Whether whoever has the turn, or holds the row, is waited for; otherwise no row is given then.
    """
    table, skip = model._meta.db_table, "" if wait else "skip locked"
    way = "_shared" if model is Action else ""
    turn = _turn_of(_ORGANISATION_OF.get(model, "organisation_id"))
    taken = f"pg_advisory_xact_lock{way}({turn}) is not null" if wait else f"pg_try_advisory_xact_lock{way}({turn})"
    # An organisation is only read: whoever holds it may be waiting for a person, and that one's holder for the turn.
    lock = "for key share" if model is Organisation else "for no key update"
    return f"""with asked as materialized (select id, {taken} as taken from "{table}" where id = $1::bigint)
      select {columns(model, "t")} from asked join "{table}" t on t.id = asked.id and asked.taken
      {lock} of t {skip}"""
