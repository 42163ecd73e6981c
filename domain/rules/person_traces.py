"""What the tables hold that tells who somebody is, and how each of them loses it."""

from dataclasses import dataclass
from typing import Final

from tortoise.expressions import Q

from domain.actor_transaction import ActorTransaction
from domain.locking import LOCK_ADDRESSES
from domain.models import User
from domain.rules.address_erasure import OVER

GIVEN_NAME: Final = "Gewiste"
FAMILY_NAME: Final = "persoon"
"""What lists, documents and mails call somebody who was erased."""
NEVER_SENT: Final = "The person was erased before it was sent."
"""What became of a mail that was still owed."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What a table holds of people.

    Attributes:
        whose: The column that says whose row it is.
        held: The condition on rows that tell something.
        erased: What such a row becomes; None where it goes.
    """

    whose: str
    held: str
    erased: str | None


# A form that was opened before is not to bring an address back: the versions of what has one move on.
TRACES: Final = {
    "introduction": Trace("user_id", "language is not null", "language = null"),
    "self_registration": Trace("applicant_id", "email is not null or phone is not null", "email = null, phone = null"),
    "work_relation": Trace(
        "user_id", "email is not null or phone is not null", "email = null, phone = null, version = version + 1"
    ),
    "access_mandate": Trace("user_id", "email is not null", "email = null"),
    # One that is owed, or on its way at this moment, counts as failed: what it tells goes to the next level.
    "delivery": Trace(
        "user_id",
        "address is not null",
        f"""address = null, leased_until = null,
        last_error = case when {OVER} then last_error else '{NEVER_SENT}' end,
        status = case when {OVER} then status else 'FAILED' end""",
    ),
    "session": Trace("user_id", "ended_at is null", "ended_at = clock_timestamp()"),
    "personal_key": Trace("user_id", "true", None),
    # Last: number and subject are unique, so that whoever writes what names one of them waits from here on, with
    # whatever they hold.
    "person": Trace(
        "id",
        "true",
        f"""given_name = '{GIVEN_NAME}', family_name = '{FAMILY_NAME}', birth_date = null, language = null,
        subject = null, national_number_sealed = null, national_number_index = null,
        national_number_next_index = null""",
    ),
}
"""What erases, by table, in the order in which it is held (decision 0049)."""


def _erasing(table: str, trace: Trace) -> str:
    """SQL: erases the traces of the people whose keys are the statement's value, in the order of the rows' keys."""
    held = f"""with held as materialized (select id from "{table}"
      where {trace.whose} = any($1::bigint[]) and ({trace.held}) order by id for update)"""
    if trace.erased is None:
        return f'{held} delete from "{table}" t using held where t.id = held.id'
    return f'{held} update "{table}" t set {trace.erased} from held where t.id = held.id'


async def erase_traces(act: ActorTransaction, person: User) -> None:
    """Erases all of it, also of those who were made one with the person; the person is held."""
    # Whoever was made one with them is a row of its own, with the names and the key of that time.
    everyone = User.filter(Q(id=person.id) | Q(merged_into_id=person.id)).using_db(act.database)
    keys = await everyone.values_list("id", flat=True)
    await act.database.execute_query(LOCK_ADDRESSES)
    for table, trace in TRACES.items():
        await act.database.execute_query(_erasing(table, trace), [keys])
