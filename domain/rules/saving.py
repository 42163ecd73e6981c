"""Updates of a row's columns, in memory and in the database."""

from typing import Any, TypeAlias

from tortoise.models import Model

from domain.actor_transaction import ActorTransaction
from domain.models import AccessRight, Action, Contract, Document, Group, GroupLink, Organisation, WorkRelation

Versioned: TypeAlias = AccessRight | Action | Contract | Document | Group | GroupLink | Organisation | WorkRelation
"""The models with a version, from which changes are made (`require_version`)."""


async def save(act: ActorTransaction, row: Model, **columns: Any) -> None:
    """Saves new values of some columns."""
    row.update_from_dict(columns)
    await row.save(using_db=act.database, update_fields=list(columns))


async def save_next_version(act: ActorTransaction, row: Versioned, **columns: Any) -> None:
    """Saves new values of some columns, and increments the version."""
    await save(act, row, **columns, version=row.version + 1)
