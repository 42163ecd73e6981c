"""Rotation of the keys of national register numbers while the program serves.

The operator gives the new keys to every process, makes the new encryption key the first one, and renews every row;
then removes the old keys and, for the index, renews the rows once more. Look-ups find a row at every stage.
"""

from dataclasses import dataclass
from typing import Any, Final

from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from domain import sealed_national_number
from domain.actor import Actor
from domain.database.connection import database
from domain.models import AuditEntry, PersonalKey, RegisteredPersonRow, UnlistedAction, User
from domain.personal_values import KEY_PURPOSE
from domain.rules.operators import require_operator
from domain.sealing import sealing

BATCH: Final = 200
"""How many rows are read, or personal keys locked, at once."""


@dataclass(frozen=True)
class RotatedKeys:
    """How many rows were renewed.

    Attributes:
        people: National register numbers, those of the local register included.
        personal_keys: The keys that seal people's values in the audit log.
    """

    people: int
    personal_keys: int


async def rotate_keys(*, actor: Actor) -> RotatedKeys:
    """Seals and indexes every row with the keys of the settings; resumes where an earlier run was interrupted.

    Args:
        actor: The operator.

    Raises:
        Forbidden: The actor is somebody else.
        SealingError: A row is sealed with a key that the settings no longer hold.
    """
    require_operator(actor)
    # Rows are committed as they are renewed: if the run is interrupted, the log still has its beginning.
    await _record(actor, UnlistedAction.KEY_ROTATION_BEGAN)
    people = await _renew_numbers(User) + await _renew_numbers(RegisteredPersonRow)
    renewed = RotatedKeys(people, await _renew_personal_keys())
    await _record(actor, UnlistedAction.KEYS_ROTATED, {"people": renewed.people, "personalKeys": renewed.personal_keys})
    return renewed


async def _record(actor: Actor, action: UnlistedAction, after: dict[str, int] | None = None) -> None:
    """Writes an audit row about the keys, which have no row of their own."""
    await AuditEntry.create(action=action, actor_name=actor.name, subject_type="Keys", subject_id=0, after=after)


async def _renew_numbers(table: type[User] | type[RegisteredPersonRow]) -> int:
    renewed, last_id = 0, 0
    while rows := await _with_number(table, id__gt=last_id).order_by("id").limit(BATCH).using_db(database()):
        # One row per transaction. An update of the unique index blocks inserts of rows that refer to the person; with
        # several people per transaction, an insert that refers to several could deadlock with it.
        for row in rows:
            if not _is_current(row):
                renewed += await _renew_number(table, row.id)
        last_id = rows[-1].id
    return renewed


async def _renew_number(table: type[User] | type[RegisteredPersonRow], key: int) -> bool:
    """Renews one row; returns False if it is current by now, or has no number any more."""
    async with in_transaction() as transaction:
        locked = _with_number(table, id=key).select_for_update(no_key=True).using_db(transaction)
        row = await locked.first()
        if row is None or _is_current(row):
            return False
        columns = sealed_national_number.number_columns(sealed_national_number.unsealed_number(row))
        row.update_from_dict(columns)
        await row.save(using_db=transaction, update_fields=list(columns))
    return True


def _with_number(table: type[User] | type[RegisteredPersonRow], **conditions: int) -> QuerySet[Any]:
    return table.filter(sealed_national_number.HAS_NUMBER, **conditions)


def _is_current(row: User | RegisteredPersonRow) -> bool:
    """Is the number sealed and indexed with the keys of the settings?"""
    keys, purpose = sealing(), sealed_national_number.PURPOSE
    number = sealed_national_number.unsealed_number(row)
    indexes = (keys.index(number, purpose), keys.next_index(number, purpose))
    stored = (row.national_number_index, row.national_number_next_index)
    sealed = row.national_number_sealed
    return sealed is not None and keys.is_sealed_with_first_key(sealed) and stored == indexes


async def _renew_personal_keys() -> int:
    renewed, last_id, keys = 0, 0, sealing()
    while True:
        async with in_transaction() as transaction:
            locked = PersonalKey.filter(id__gt=last_id).order_by("id").limit(BATCH).select_for_update(no_key=True)
            rows = await locked.using_db(transaction)
            for row in rows:
                if not keys.is_sealed_with_first_key(row.sealed_key):
                    row.sealed_key = keys.seal(keys.unseal(row.sealed_key, KEY_PURPOSE), KEY_PURPOSE)
                    await row.save(using_db=transaction, update_fields=["sealed_key"])
                    renewed += 1
        if not rows:
            return renewed
        last_id = rows[-1].id
