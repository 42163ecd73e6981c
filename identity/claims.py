"""A person's data from verified claims, whose names are configured in the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain import national_number
from domain.national_number import NationalNumberError
from identity.refusals import UnusableClaimsError
from settings import settings

MAX_LENGTH: Final = 255


@dataclass(frozen=True, slots=True)
class PersonClaims:
    """A person as the identity provider knows them; at least one of number and subject is there.

    Attributes:
        national_number: Eleven valid digits.
        subject: The provider's persistent identifier of the person.
        given_name: Without control characters or doubled spaces.
        family_name: Likewise.
    """

    national_number: str | None = field(repr=False)
    subject: str | None = field(repr=False)
    given_name: str | None = field(repr=False)
    family_name: str | None = field(repr=False)


def person_claims(claims: Mapping[str, Any]) -> PersonClaims:
    """The person that these claims are about.

    Raises:
        UnusableClaimsError: A claim is malformed, or neither number nor subject is there.
    """
    configuration = settings()
    person = PersonClaims(
        national_number=_national_number(claims, configuration.claim_national_number),
        subject=identifier(claims, configuration.claim_subject),
        given_name=_name(claims, "given_name"),
        family_name=_name(claims, "family_name"),
    )
    if person.national_number is None and person.subject is None:
        raise UnusableClaimsError(f"neither {configuration.claim_national_number} nor {configuration.claim_subject}")
    return person


def identifier(claims: Mapping[str, Any], name: str) -> str | None:
    """A claim that identifies somebody or something; None when it is absent or empty.

    Raises:
        UnusableClaimsError: It is no string that a column can hold.
    """
    value = _text(claims, name)
    if value is not None and (len(value) > MAX_LENGTH or not value.isprintable()):
        raise UnusableClaimsError(f"{name} is malformed")
    return value


def _national_number(claims: Mapping[str, Any], name: str) -> str | None:
    value = _text(claims, name)
    try:
        return None if value is None else national_number.normalised(value)
    except NationalNumberError as error:
        raise UnusableClaimsError(f"{name} is not valid: {error.reason}") from None


def _name(claims: Mapping[str, Any], name: str) -> str | None:
    spaced = " ".join((_text(claims, name) or "").split())
    return "".join(character for character in spaced if character.isprintable())[:MAX_LENGTH].strip() or None


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if value is not None and not isinstance(value, str):
        raise UnusableClaimsError(f"{name} is no string")
    return value or None
