"""Columns of a row that get other values, here and in the database at once."""

from typing import Any, TypeAlias

from tortoise.models import Model

from domain.actor_transaction import ActorTransaction
from domain.models import AccessRight, Action, Contract, Document, Group, GroupLink, Organisation, WorkRelation

Versioned: TypeAlias = AccessRight | Action | Contract | Document | Group | GroupLink | Organisation | WorkRelation
"""What is changed from a version; whoever has an older one is refused (`require_version`)."""


async def save(act: ActorTransaction, row: Model, **columns: Any) -> None:
    """Gives columns of a row these values."""
    row.update_from_dict(columns)
    await row.save(using_db=act.database, update_fields=list(columns))


async def save_next_version(act: ActorTransaction, row: Versioned, **columns: Any) -> None:
    """Gives columns of a row these values, and makes it the next version."""
    await save(act, row, **columns, version=row.version + 1)
