"""People: looked up by national register number, added, their language set (manual 2.1.2)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import AuditAction, Introduction, Language, Organisation, UnlistedAction, User
from domain.national_number import masked
from domain.policies.abilities import Ability
from domain.predicate import among, exists
from domain.rate_limit import CountedAction, count_lookup
from domain.registers import RegisteredPerson
from domain.rules.acting_person import lock_acting_person
from domain.rules.person_upsert import upsert_person
from domain.rules.register_lookup import checked_national_number, registered_person
from domain.rules.saving import save
from domain.sealed_national_number import has_number
from domain.standing import Standing
from domain.where import Where

_HAD_MANDATE: Final = exists("access_mandate km", "km.user_id = {row}.id", among("km.organisation_id", "manages"))


@dataclass(frozen=True)
class FoundPerson:
    """The person with a number, as an access manager sees them before adding them.

    Attributes:
        given_name: Voornaam, from the person register.
        family_name: Naam, likewise.
        birth_date: Geboortedatum, likewise; None when month or day are unknown.
        masked_national_number: `85.07.30-***.**`.
        user_id: The person's key, if this organisation already knows them.
    """

    given_name: str
    family_name: str
    birth_date: date | None
    masked_national_number: str
    user_id: int | None


async def look_up_person(*, actor: Actor, organisation_id: int | None, national_number: str) -> FoundPerson:
    """Looks up the person with a number; stores nothing but the audit entry of the look-up.

    Args:
        actor: An access manager of the organisation.
        organisation_id: The organisation's key.
        national_number: In any usual notation.

    Raises:
        NotFound: The actor sees no such organisation.
        Forbidden: The actor manages no access there.
        NationalNumberInvalid: It is no national register number.
        RateLimited: The limit of the manager or of the organisation is reached.
        PersonUnknown: The register knows nobody with this number.
        PersonRegisterUnavailable: The register doesn't answer.
    """
    registered = await _look_up_in_register(actor, organisation_id, national_number, AuditAction.PERSON_LOOKED_UP)
    async with actor_transaction(actor) as act:
        organisation = await _find_managed_organisation(act, organisation_id)
        # One query: finding the person first and checking them by a second one would take longer for people who are
        # known elsewhere, and so disclose it.
        known_here = User.filter(_known_to(organisation), has_number(registered.national_number))
        person = await known_here.using_db(act.database).first()
        return FoundPerson(
            registered.given_name,
            registered.family_name,
            registered.birth_date,
            masked(registered.national_number),
            person.id if person else None,
        )


async def add_person(
    *, actor: Actor, organisation_id: int | None, national_number: str, language: Language | None
) -> User:
    """Adds a person to an organisation, whose access managers see them for 24 hours from then on.

    Args:
        actor: An access manager of the organisation.
        organisation_id: The organisation's key.
        national_number: In any usual notation; a person exists once, however often they are added.
        language: The language of mails to the person, if none is known yet.

    Raises:
        NotFound: The actor sees no such organisation.
        Forbidden: The actor manages no access there.
        NationalNumberInvalid: It is no national register number.
        RateLimited: The limit of the manager or of the organisation is reached.
        PersonUnknown: The register knows nobody with this number.
        PersonRegisterUnavailable: The register doesn't answer.
    """
    registered = await _look_up_in_register(actor, organisation_id, national_number, AuditAction.PERSON_ASKED_FOR)
    async with actor_transaction(actor) as act:
        # Authorised again: the mandate may have ended while the register was queried.
        organisation = await _find_managed_organisation(act, organisation_id)
        person = await upsert_person(act, registered, language)
        await Introduction.create(
            organisation_id=organisation.id,
            user_id=person.id,
            introduced_by_id=actor.user_id,
            introduced_at=await act.now(),
            language=language,
            using_db=act.database,
        )
        await act.record(AuditAction.PERSON_ADDED, person, organisation.id, after={"user": person.id})
    return person


async def set_language(*, actor: Actor, language: Language) -> User:
    """Sets the language of mails to the actor.

    Args:
        actor: A person.
        language: The language.

    Raises:
        PersonRequired: The actor is no person.
        Forbidden: The actor was erased, or merged into another person.
    """
    async with actor_transaction(actor) as act:
        person = await lock_acting_person(act)
        if person.language is not language:
            before = {"language": person.language}
            await save(act, person, language=language)
            await act.record(UnlistedAction.LANGUAGE_SET, person, None, before=before, after={"language": language})
    return person


async def _look_up_in_register(
    actor: Actor, organisation_id: int | None, national_number: str, action: CountedAction
) -> RegisteredPerson:
    """The person from the register. The look-up is counted and audited first, even if the register doesn't answer."""
    async with actor_transaction(actor) as act:
        organisation = await _find_managed_organisation(act, organisation_id)
        number = checked_national_number(national_number, "nationalNumber")
        await count_lookup(act, organisation, action)
    return await registered_person(number, "nationalNumber")


async def _find_managed_organisation(act: ActorTransaction, organisation_id: int | None) -> Organisation:
    organisation = await act.find(
        Organisation, organisation_id, visibility.organisation, "organisationId", prefetch=Ability.MANAGE_ACCESS
    )
    await act.require(Ability.MANAGE_ACCESS, organisation)
    return organisation


def _known_to(organisation: Organisation) -> Where:
    """Does this organisation know the person: may its access managers read their data, or have they had a mandate?"""
    return Where(visibility.personal_data | _HAD_MANDATE, Standing(manages=[organisation.id]))
