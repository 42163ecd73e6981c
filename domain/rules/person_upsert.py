"""The row of a person from a register, inserted when it is first needed, and updated."""

from typing import Any

from domain.actor_transaction import ActorTransaction
from domain.models import Language, User, person_key
from domain.registers import RegisteredPerson
from domain.rules.saving import save
from domain.sealed_national_number import has_number, number_columns


async def upsert_person(act: ActorTransaction, registered: RegisteredPerson, language: Language | None = None) -> User:
    """The person with the names from the register, locked; concurrent calls for the same person create one row.

    A known person takes the same statements as a new one: a difference in duration would disclose that other
    organisations know them.

    Args:
        act: The transaction.
        registered: The person, as the register has them.
        language: The language of mails to the person, if none is known yet.
    """
    locked = User.filter(has_number(registered.national_number)).select_for_update(no_key=True).using_db(act.database)
    existing: User | None = await locked.first()
    # For an existing person, the key conflicts and nothing is inserted.
    row = _new_row(existing.id if existing else person_key(), registered, language)
    await User.bulk_create([row], ignore_conflicts=True, using_db=act.database)
    person: User = await locked.get()
    values: dict[str, Any] = {"given_name": registered.given_name, "family_name": registered.family_name}
    values["language"] = person.language or language
    if registered.birth_date is not None:
        values["birth_date"] = registered.birth_date
    await save(act, person, **values)
    return person


def _new_row(key: int, registered: RegisteredPerson, language: Language | None) -> User:
    return User(
        id=key,
        given_name=registered.given_name,
        family_name=registered.family_name,
        birth_date=registered.birth_date,
        language=language,
        **number_columns(registered.national_number),
    )
