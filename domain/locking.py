"""The statements that lock a row by its key: one text for a model, so that PostgreSQL plans each once.

What is a person's is locked after the person, by whichever act: a work relation, a right, a request. So two acts on
what one person may do come one after the other, and never each wait for what the other has.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, TypeVar

from tortoise.models import Model

from domain.models import AccessRight, Organisation, SelfRegistration, WorkRelation

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


@cache
def one_lock(model: type[Model]) -> str:
    """Locks the row whose key is the statement's value, after the person whose it is, and gives its newest columns."""
    # Others may go on to write rows that refer to it (`no key`): else two acts that each hold what the other's audit
    # row names would wait for each other forever.
    if model in _PERSON_OF:
        return f"""with held as materialized (
            select from person where id = ({_PERSON_OF[model]}) for no key update)
          select {columns(model, "t")} from held cross join "{model._meta.db_table}" t where t.id = $1::bigint
          for no key update of t"""
    return f'select {columns(model, "t")} from "{model._meta.db_table}" t where t.id = $1::bigint for no key update'


@cache
def one_turn(model: type[Model]) -> str:
    """Waits until no other change to groups, links and members is under way in the row's organisation."""
    organisation = "id" if model is Organisation else "organisation_id"
    return (
        f"select id, pg_advisory_xact_lock(hashtextextended('groups', {organisation}))"
        f' from "{model._meta.db_table}" where id = $1::bigint'
    )


@cache
def turn_and_lock(model: type[Model]) -> str:
    """Waits for the turn, then locks the row and gives its newest columns.

    A row is locked when the join has made it, and the join makes it of what the turn has given.
    """
    return f"""with turn as materialized ({one_turn(model)})
      select {columns(model, "t")} from turn join "{model._meta.db_table}" t on t.id = turn.id for no key update of t"""
