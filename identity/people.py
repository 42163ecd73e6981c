"""The user of verified claims: found by number or subject, created at the first sign-in."""

from datetime import date

import structlog

from domain import national_number, sealed_national_number
from domain.models import User, person_key
from identity.claims import PersonClaims
from identity.refusals import UnusableClaimsError

log = structlog.get_logger()


async def find_user(person: PersonClaims) -> User | None:
    """The user with that national register number; otherwise the user with that subject."""
    if person.national_number is not None:
        user = await User.get_or_none(sealed_national_number.has_number(person.national_number))
        if user is not None:
            return user
    return None if person.subject is None else await User.get_or_none(subject=person.subject)


async def get_or_create_user(person: PersonClaims) -> User:
    """The user, created from the claims if there is none; concurrent calls get the same one.

    Raises:
        UnusableClaimsError: The person is unknown and the claims don't suffice to create a user.
    """
    user = await find_user(person)
    if user is None:
        await User.bulk_create([_new_user(person)], ignore_conflicts=True)
        user = await find_user(person)
    if user is None:
        raise UnusableClaimsError("the person can be neither found nor created")
    return user


async def update_user(person: PersonClaims) -> User:
    """The user, created or updated from the claims at a sign-in.

    Raises:
        UnusableClaimsError: The person is unknown and the claims don't suffice to create a user.
    """
    user = await get_or_create_user(person)
    changes = _changed_names(user, person) | await _changed_subject(user, person) | _changed_birth_date(user, person)
    if changes:
        if not await User.filter(sealed_national_number.HAS_NUMBER, id=user.id).update(**changes):
            # The user was erased or merged at this moment: the claims are of a new user, or of the merged one.
            return await get_or_create_user(person)
        await user.refresh_from_db()
    return user


def _new_user(person: PersonClaims) -> User:
    if person.national_number is None or person.given_name is None or person.family_name is None:
        raise UnusableClaimsError("an unknown person without a number or a name")
    return User(
        id=person_key(),
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=national_number.birth_date(person.national_number),
        subject=person.subject,
        **sealed_national_number.number_columns(person.national_number),
    )


def _changed_names(user: User, person: PersonClaims) -> dict[str, str]:
    names = {"given_name": person.given_name, "family_name": person.family_name}
    return {name: value for name, value in names.items() if value is not None and value != getattr(user, name)}


async def _changed_subject(user: User, person: PersonClaims) -> dict[str, str]:
    if person.subject is None or person.subject == user.subject:
        return {}
    if await User.exists(subject=person.subject):
        # Number and subject belong to two users; the number decides, and an operator merges them.
        log.warning("subject_of_another_user", user=user.id)
        return {}
    return {"subject": person.subject}


def _changed_birth_date(user: User, person: PersonClaims) -> dict[str, date]:
    if user.birth_date is not None or person.national_number is None:
        return {}
    birth_date = national_number.birth_date(person.national_number)
    return {} if birth_date is None else {"birth_date": birth_date}
