"""The one row of a person whom a register named, inserted when it is first needed."""

from typing import Any

from domain.actor_transaction import ActorTransaction
from domain.models import Language, User, person_key
from domain.registers import RegisteredPerson
from domain.rules.saving import save
from domain.sealed_national_number import has_number, number_columns


async def upsert_person(act: ActorTransaction, registered: RegisteredPerson, language: Language | None = None) -> User:
    """The person with the names that the register tells; two acts that insert the same one at once make one row.

    A known person takes the same statements as a new one: else how many there are would tell whoever adds a person
    that others know them.

    Args:
        act: The act.
        registered: The person, as the register tells.
        language: The language that the person is written to in, where none is known yet.
    """
    locked = User.filter(has_number(registered.national_number)).select_for_update(no_key=True).using_db(act.database)
    known: User | None = await locked.first()
    # For a known person a row is offered whose key is taken.
    offered = _new_row(known.id if known else person_key(), registered, language)
    await User.bulk_create([offered], ignore_conflicts=True, using_db=act.database)
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
