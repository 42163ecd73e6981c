"""What the tables hold that tells who somebody is, and how each of them loses it."""

from typing import Final

from domain.acting import Acting
from domain.models import User
from domain.rules.address_erasure import OVER

GIVEN_NAME: Final = "Gewiste"
FAMILY_NAME: Final = "persoon"
"""What lists, documents and mails call somebody who was erased."""
NEVER_SENT: Final = "The person was erased before it was sent."
"""What became of a mail that was still owed."""

# Whoever was made one with them is a row of its own, with the names and the key of that time.
_AND_MERGED: Final = "select id from person where id = $1::bigint or merged_into_id = $1::bigint"

# A form that was opened before is not to bring an address back: the versions of what has one move on.
TRACES: Final = {
    "person": f"""update person set given_name = '{GIVEN_NAME}', family_name = '{FAMILY_NAME}', birth_date = null,
        language = null, subject = null, national_number_sealed = null, national_number_index = null,
        national_number_next_index = null
      where id = any($1::bigint[])""",
    "personal_key": "delete from personal_key where user_id = any($1::bigint[])",
    "session": """update session set ended_at = clock_timestamp()
      where user_id = any($1::bigint[]) and ended_at is null""",
    "work_relation": """update work_relation set email = null, phone = null, version = version + 1
      where user_id = any($1::bigint[]) and (email is not null or phone is not null)""",
    "access_mandate": """update access_mandate set email = null
      where user_id = any($1::bigint[]) and email is not null""",
    "self_registration": """update self_registration set email = null, phone = null
      where applicant_id = any($1::bigint[]) and (email is not null or phone is not null)""",
    "introduction": """update introduction set language = null
      where user_id = any($1::bigint[]) and language is not null""",
    # One that is owed, or on its way at this moment, counts as failed: what it tells goes to the next level.
    "delivery": f"""update delivery set address = null, leased_until = null,
        last_error = case when {OVER} then last_error else '{NEVER_SENT}' end,
        status = case when {OVER} then status else 'FAILED' end
      where user_id = any($1::bigint[]) and address is not null""",
}
"""What erases, by table; the value is the keys of the person's rows."""


async def with_merged(act: Acting, key: int) -> list[int]:
    """The keys of a person and of all who were made one with them."""
    return [row["id"] for row in await act.database.execute_query_dict(_AND_MERGED, [key])]


async def erase_traces(act: Acting, person: User) -> None:
    """Erases all of it, also of those who were made one with the person; the person is held."""
    keys = await with_merged(act, person.id)
    for statement in TRACES.values():
        await act.database.execute_query(statement, [keys])
