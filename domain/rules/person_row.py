"""The one row of a person whom a register named, made when it is first needed."""

from typing import Any

from domain.actor_transaction import ActorTransaction
from domain.models import Language, User, person_key
from domain.registers import RegisteredPerson
from domain.rules.saving import save
from domain.sealed_national_number import has_number, number_columns


async def person_row(act: ActorTransaction, found: RegisteredPerson, language: Language | None = None) -> User:
    """The person with the names that the register tells; two acts that make the same one at once make one row.

    Somebody known takes the same statements as somebody new: else their number would tell whoever adds a person that
    others know them.

    Args:
        act: The act.
        found: The person, as the register tells.
        language: The language that the person is written to in, where none is known yet.
    """
    held = User.filter(has_number(found.national_number)).select_for_update(no_key=True).using_db(act.database)
    known: User | None = await held.first()
    # Of somebody known a row is offered whose key is taken.
    offered = _new(known.id if known else person_key(), found, language)
    await User.bulk_create([offered], ignore_conflicts=True, using_db=act.database)
    person: User = await held.get()
    told: dict[str, Any] = {"given_name": found.given_name, "family_name": found.family_name}
    told["language"] = person.language or language
    if found.birth_date is not None:
        told["birth_date"] = found.birth_date
    await save(act, person, **told)
    return person


def _new(key: int, found: RegisteredPerson, language: Language | None) -> User:
    return User(
        id=key,
        given_name=found.given_name,
        family_name=found.family_name,
        birth_date=found.birth_date,
        language=language,
        **number_columns(found.national_number),
    )
