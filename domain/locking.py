"""The statements that lock a row by its key: one text for a model, so that PostgreSQL plans each once."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from tortoise.models import Model

from domain.models import Organisation

Locked = TypeVar("Locked", bound=Model)


def columns(model: type[Model], row: str) -> str:
    """SQL: all columns of the model, of the row that `row` names; the models must be open, which know them then."""
    return ", ".join(f'{row}."{column}"' for column in sorted(model._meta.db_fields))


def instance(model: type[Locked], row: Mapping[str, Any]) -> Locked:
    """What a row of all columns is in Python."""
    return model._init_from_db(**row)  # noqa: SLF001  # Tortoise's own queries make their rows so


@cache
def one_lock(model: type[Model]) -> str:
    """Locks the row whose key is the statement's value, and gives its columns."""
    # Others may go on to write rows that refer to it (`no key`): else two acts that each hold what the other's audit
    # row names would wait for each other forever.
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
