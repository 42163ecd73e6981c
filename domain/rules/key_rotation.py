"""Renewing the keys of national register numbers while the program serves.

The operator makes the new keys known to every process, then puts the encryption key in front, and has every row
renewed; afterwards the older keys are taken away, and for the index the rows are renewed once more. Every look-up finds
a row in each of these forms.
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
"""The rows that are looked at, or personal keys that are held, at once."""


@dataclass(frozen=True)
class Renewed:
    """How many rows weren't under the keys of the settings yet.

    Attributes:
        people: National register numbers, those of the local register included.
        personal_keys: The keys under which a person's values in the audit log are kept.
    """

    people: int
    personal_keys: int


async def rotate_keys(*, actor: Actor) -> Renewed:
    """Seals and indexes every row with the keys of the settings; goes on where an earlier run was broken off.

    Args:
        actor: The operator.

    Raises:
        Forbidden: The actor is somebody else.
        SealingError: A row is sealed with a key that the settings no longer hold.
    """
    require_operator(actor)
    # Batches are kept one by one: where it is broken off, the log tells all the same that it was under way.
    await _record(actor, UnlistedAction.KEY_ROTATION_BEGAN)
    people = await _renew_numbers(User) + await _renew_numbers(RegisteredPersonRow)
    renewed = Renewed(people, await _renew_personal_keys())
    await _record(actor, UnlistedAction.KEYS_ROTATED, {"people": renewed.people, "personalKeys": renewed.personal_keys})
    return renewed


async def _record(actor: Actor, action: UnlistedAction, after: dict[str, int] | None = None) -> None:
    """Writes an audit row of what is done to the keys, which are no row."""
    await AuditEntry.create(action=action, actor_name=actor.name, subject_type="Keys", subject_id=0, after=after)


async def _renew_numbers(table: type[User] | type[RegisteredPersonRow]) -> int:
    renewed, last = 0, 0
    while rows := await _having_numbers(table, id__gt=last).order_by("id").limit(BATCH).using_db(database()):
        # One after the other: an index is unique, so that while it changes nobody can name the person, and whoever
        # wants to name several would wait for one of them with another one that the renewal waits for.
        for row in rows:
            if not _current(row):
                renewed += await _renew_number(table, row.id)
        last = rows[-1].id
    return renewed


async def _renew_number(table: type[User] | type[RegisteredPersonRow], key: int) -> bool:
    """Renews one row, unless its number is nobody's by now."""
    async with in_transaction() as transaction:
        held = _having_numbers(table, id=key).select_for_update(no_key=True).using_db(transaction)
        row = await held.first()
        if row is None or _current(row):
            return False
        columns = sealed_national_number.number_columns(sealed_national_number.unsealed_number(row))
        row.update_from_dict(columns)
        await row.save(using_db=transaction, update_fields=list(columns))
    return True


def _having_numbers(table: type[User] | type[RegisteredPersonRow], **which: int) -> QuerySet[Any]:
    return table.filter(sealed_national_number.HAS_NUMBER, **which)


def _current(row: User | RegisteredPersonRow) -> bool:
    keys, purpose = sealing(), sealed_national_number.PURPOSE
    number = sealed_national_number.unsealed_number(row)
    indexes = (keys.index(number, purpose), keys.next_index(number, purpose))
    kept = (row.national_number_index, row.national_number_next_index)
    sealed = row.national_number_sealed
    return sealed is not None and keys.is_sealed_with_first_key(sealed) and kept == indexes


async def _renew_personal_keys() -> int:
    renewed, last, keys = 0, 0, sealing()
    while True:
        async with in_transaction() as transaction:
            held = PersonalKey.filter(id__gt=last).order_by("id").limit(BATCH).select_for_update(no_key=True)
            rows = await held.using_db(transaction)
            for row in rows:
                if not keys.is_sealed_with_first_key(row.sealed_key):
                    row.sealed_key = keys.seal(keys.unseal(row.sealed_key, KEY_PURPOSE), KEY_PURPOSE)
                    await row.save(using_db=transaction, update_fields=["sealed_key"])
                    renewed += 1
        if not rows:
            return renewed
        last = rows[-1].id
