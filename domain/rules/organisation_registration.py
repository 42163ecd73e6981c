"""Organisations and their legal representatives, as the enterprise register has them (manual 2)."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.database.connection import database
from domain.models import AccessMandate, AccessMandateKind, AuditAction, Organisation
from domain.refusals import EnterpriseUnknown
from domain.registers import RegisteredEnterprise, RegisteredPerson
from domain.rules.people_by_number import lock_people
from domain.rules.person_upsert import upsert_person
from domain.rules.register_lookup import registered_enterprise
from domain.rules.saving import save

NO_LONGER_REGISTERED: Final = "Niet langer wettelijk vertegenwoordiger volgens de Kruispuntbank van Ondernemingen"
"""The end reason of the mandate of a representative whom the register no longer names."""


@dataclass(frozen=True)
class Registration:
    """The result of registering or updating an organisation.

    Attributes:
        organisation: The organisation.
        created: Whether it was unknown here before.
        representatives: How many legal representatives it has now.
        mandates_begun: How many got the mandate.
        mandates_ended: How many lost it.
    """

    organisation: Organisation
    created: bool
    representatives: int
    mandates_begun: int
    mandates_ended: int


async def register_organisation(*, actor: Actor, enterprise_number: str) -> Registration:
    """Registers an organisation from the enterprise register, or updates its name, kind and legal representatives.

    Args:
        actor: The actor for the audit log; the caller has authorised it.
        enterprise_number: In any usual notation.

    Raises:
        EnterpriseNumberInvalid: It is no enterprise number.
        EnterpriseUnknown: The register knows none.
        EnterpriseRegisterUnavailable: It doesn't answer.
    """
    enterprise = await registered_enterprise(enterprise_number, "enterpriseNumber")
    async with actor_transaction(actor) as act:
        return await upsert_organisation(act, enterprise)


async def refresh_organisations(*, actor: Actor) -> AsyncIterator[Registration | str]:
    """Updates every organisation from the enterprise register, one after the other.

    Args:
        actor: The operator.

    Yields:
        The result of each; the number of an organisation that the register no longer has, which stays as it is.

    Raises:
        EnterpriseRegisterUnavailable: The register doesn't answer; the organisations before are updated.
    """
    numbers = Organisation.all().using_db(database()).order_by("id").values_list("enterprise_number", flat=True)
    for number in await numbers:
        try:
            yield await register_organisation(actor=actor, enterprise_number=str(number))
        except EnterpriseUnknown:
            yield str(number)


async def upsert_organisation(act: ActorTransaction, enterprise: RegisteredEnterprise) -> Registration:
    """Registers or updates an organisation by its record in the register; also used when a contract is published."""
    created = await _insert(act, enterprise)
    locked = Organisation.filter(enterprise_number=enterprise.enterprise_number).using_db(act.database)
    organisation = await locked.select_for_update(no_key=True).get()
    if not created:
        await _update(act, organisation, enterprise)
    begun, ended = await _update_mandates(act, organisation, enterprise.representatives)
    return Registration(organisation, created, len(enterprise.representatives), begun, ended)


async def _insert(act: ActorTransaction, enterprise: RegisteredEnterprise) -> bool:
    """Inserts the organisation, unless it exists; returns whether it did."""
    # If two transactions register it at once, the second waits here and then finds the first one's row.
    rows = await act.database.execute_query_dict(
        "insert into organisation (enterprise_number, name, kind) values ($1, $2, $3)"
        " on conflict (enterprise_number) do nothing returning id",
        [enterprise.enterprise_number, enterprise.name, enterprise.kind.value],
    )
    if rows:
        organisation = await Organisation.get(id=rows[0]["id"], using_db=act.database)
        after = {"name": enterprise.name, "kind": enterprise.kind}
        await act.record(AuditAction.ORGANISATION_REGISTERED, organisation, organisation.id, after=after)
    return bool(rows)


async def _update(act: ActorTransaction, organisation: Organisation, enterprise: RegisteredEnterprise) -> None:
    after: dict[str, Any] = {"name": enterprise.name, "kind": enterprise.kind}
    before = {name: getattr(organisation, name) for name in after}
    if after != before:
        await save(act, organisation, **after)
        await act.record(AuditAction.ORGANISATION_UPDATED, organisation, organisation.id, before=before, after=after)


async def _update_mandates(
    act: ActorTransaction, organisation: Organisation, people: Sequence[RegisteredPerson]
) -> tuple[int, int]:
    """Begins the mandates of new legal representatives and ends those of former ones; returns how many of each."""
    # Known people are locked in the order of their keys, and new ones inserted in the order of their numbers, so that
    # two transactions with the same people don't deadlock.
    ordered = sorted(people, key=lambda each: each.national_number)
    await lock_people(act, *(each.national_number for each in ordered))
    representative_ids = {(await upsert_person(act, each)).id for each in ordered}
    current = AccessMandate.filter(
        organisation_id=organisation.id, kind=AccessMandateKind.LEGAL_REPRESENTATIVE, ended_at=None
    )
    mandates = await current.order_by("id").using_db(act.database).select_for_update()
    ending = [mandate for mandate in mandates if mandate.user_id not in representative_ids]
    beginning = sorted(representative_ids - {mandate.user_id for mandate in mandates})
    for mandate in ending:
        await _end_mandate(act, mandate)
    for user_id in beginning:
        await _begin_mandate(act, organisation, user_id)
    return len(beginning), len(ending)


async def _begin_mandate(act: ActorTransaction, organisation: Organisation, user_id: int) -> None:
    mandate = await AccessMandate.create(
        organisation_id=organisation.id,
        user_id=user_id,
        kind=AccessMandateKind.LEGAL_REPRESENTATIVE,
        since=await act.now(),
        using_db=act.database,
    )
    after = {"kind": mandate.kind, "user": user_id}
    await act.record(AuditAction.LEGAL_REPRESENTATIVE_CAME, mandate, organisation.id, after=after)


async def _end_mandate(act: ActorTransaction, mandate: AccessMandate) -> None:
    """Ends a mandate; the permissions that it grants end with it, since each check reads the mandate itself."""
    await save(act, mandate, ended_at=await act.now(), end_reason=NO_LONGER_REGISTERED)
    before = {"kind": mandate.kind, "user": mandate.user_id}
    await act.record(
        AuditAction.LEGAL_REPRESENTATIVE_LEFT,
        mandate,
        mandate.organisation_id,
        before=before,
        reason=NO_LONGER_REGISTERED,
    )
