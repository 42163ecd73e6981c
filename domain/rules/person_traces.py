"""What the tables hold that tells who somebody is, and how each of them loses it."""

from typing import Final

from tortoise.expressions import Q

from domain.acting import Acting
from domain.models import User
from domain.rules.address_erasure import OVER

GIVEN_NAME: Final = "Gewiste"
FAMILY_NAME: Final = "persoon"
"""What lists, documents and mails call somebody who was erased."""
NEVER_SENT: Final = "The person was erased before it was sent."
"""What became of a mail that was still owed."""

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


async def erase_traces(act: Acting, person: User) -> None:
    """Erases all of it, also of those who were made one with the person; the person is held."""
    # Whoever was made one with them is a row of its own, with the names and the key of that time.
    everyone = User.filter(Q(id=person.id) | Q(merged_into_id=person.id)).using_db(act.database)
    keys = await everyone.values_list("id", flat=True)
    for statement in TRACES.values():
        await act.database.execute_query(statement, [keys])
