"""The personal data that each table holds, and how it is erased."""

from dataclasses import dataclass
from typing import Final

from tortoise.expressions import Q

from domain.actor_transaction import ActorTransaction
from domain.locking import LOCK_ADDRESSES
from domain.models import User
from domain.rules.address_erasure import FINISHED

GIVEN_NAME: Final = "Gewiste"
FAMILY_NAME: Final = "persoon"
"""The name of erased people in lists, documents and mails."""
NEVER_SENT: Final = "The person was erased before it was sent."
"""The error of a mail that hadn't been sent."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """The personal data of one table, in SQL.

    Attributes:
        person_column: The column with the person's key.
        present: The condition of rows that contain personal data.
        erasure: The assignments that erase it; None if the row is deleted.
    """

    person_column: str
    present: str
    erasure: str | None


# Versions are incremented, so that a form that was opened before the erasure can't restore an address.
PERSONAL_DATA: Final = {
    "introduction": PersonalData("user_id", "language is not null", "language = null"),
    "self_registration": PersonalData(
        "applicant_id", "email is not null or phone is not null", "email = null, phone = null"
    ),
    "work_relation": PersonalData(
        "user_id", "email is not null or phone is not null", "email = null, phone = null, version = version + 1"
    ),
    "access_mandate": PersonalData("user_id", "email is not null", "email = null"),
    # A mail that is waiting or being sent counts as failed, so that its notification is routed to the next level.
    "delivery": PersonalData(
        "user_id",
        "address is not null",
        f"""address = null, leased_until = null,
        last_error = case when {FINISHED} then last_error else '{NEVER_SENT}' end,
        status = case when {FINISHED} then status else 'FAILED' end""",
    ),
    "session": PersonalData("user_id", "ended_at is null", "ended_at = clock_timestamp()"),
    "personal_key": PersonalData("user_id", "true", None),
    # Last: number and subject are unique, so inserts of rows that refer to the person wait from here on.
    "person": PersonalData(
        "id",
        "true",
        f"""given_name = '{GIVEN_NAME}', family_name = '{FAMILY_NAME}', birth_date = null, language = null,
        subject = null, national_number_sealed = null, national_number_index = null,
        national_number_next_index = null""",
    ),
}
"""The personal data of people by table, in the order in which rows are locked (decision 0049)."""


async def erase_personal_data(act: ActorTransaction, person: User) -> None:
    """Erases the personal data of a person and of those who were merged into them; all of them are locked."""
    # A merged person has a row of their own, with the former names and key.
    people = User.filter(Q(id=person.id) | Q(merged_into_id=person.id)).using_db(act.database)
    keys = await people.values_list("id", flat=True)
    await act.database.execute_query(LOCK_ADDRESSES)
    for table, data in PERSONAL_DATA.items():
        await act.database.execute_query(_erase_statement(table, data), [keys])


def _erase_statement(table: str, data: PersonalData) -> str:
    """SQL: erases a table's data of the people whose keys are $1; rows are locked in the order of their keys."""
    locked = f"""with locked as materialized (select id from "{table}"
      where {data.person_column} = any($1::bigint[]) and ({data.present}) order by id for update)"""
    if data.erasure is None:
        return f'{locked} delete from "{table}" t using locked where t.id = locked.id'
    return f'{locked} update "{table}" t set {data.erasure} from locked where t.id = locked.id'
