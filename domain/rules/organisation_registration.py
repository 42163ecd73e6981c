"""Organisations as the enterprise register names them, and who represents them by law (manual 2)."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.database.connection import database
from domain.models import AccessMandate, AccessMandateKind, AuditAction, Organisation
from domain.refusals import EnterpriseUnknown
from domain.registers import RegisteredEnterprise, RegisteredPerson
from domain.rules.people_by_number import hold_people
from domain.rules.person_row import person_row
from domain.rules.register_lookup import registered_enterprise
from domain.rules.saving import save

LEGAL: Final = AccessMandateKind.LEGAL_REPRESENTATIVE
GONE: Final = "Niet langer wettelijk vertegenwoordiger volgens de Kruispuntbank van Ondernemingen"
"""The reason with which the mandate of a representative ends whom the register names no more."""


@dataclass(frozen=True)
class Registration:
    """What became of an organisation that was registered or brought up to date.

    Attributes:
        organisation: The organisation.
        made: Whether it was unknown here before.
        represented_by: How many legal representatives it has now.
        came: How many got the mandate.
        left: How many lost it.
    """

    organisation: Organisation
    made: bool
    represented_by: int
    came: int
    left: int


async def register_organisation(*, actor: Actor, enterprise_number: str) -> Registration:
    """Takes name, kind and legal representatives from the enterprise register; a repeat brings them up to date.

    Args:
        actor: The operator, or whoever needs the organisation to exist.
        enterprise_number: In any usual notation.

    Raises:
        EnterpriseNumberInvalid: It is no enterprise number.
        EnterpriseUnknown: The register knows none.
        EnterpriseRegisterUnavailable: It doesn't answer.
    """
    found = await registered_enterprise(enterprise_number, "enterpriseNumber")
    async with actor_transaction(actor) as act:
        return await keep_organisation(act, found)


async def refresh_organisations(*, actor: Actor) -> AsyncIterator[Registration | str]:
    """Brings every organisation that is known here up to date, one after the other.

    Args:
        actor: The operator.

    Yields:
        What became of each; the number of one that the register doesn't know any more, which stays as it is.

    Raises:
        EnterpriseRegisterUnavailable: The register doesn't answer; those before are up to date.
    """
    numbers = Organisation.all().using_db(database()).order_by("id").values_list("enterprise_number", flat=True)
    for number in await numbers:
        try:
            yield await register_organisation(actor=actor, enterprise_number=str(number))
        except EnterpriseUnknown:
            yield str(number)


async def keep_organisation(act: ActorTransaction, found: RegisteredEnterprise) -> Registration:
    """The part of registering that comes after asking the register: also for publishing a contract."""
    made = await _made(act, found)
    held = Organisation.filter(enterprise_number=found.enterprise_number).using_db(act.database)
    organisation = await held.select_for_update(no_key=True).get()
    if not made:
        await _bring_up_to_date(act, organisation, found)
    came, left = await _follow(act, organisation, found.representatives)
    return Registration(organisation, made, len(found.representatives), came, left)


async def _made(act: ActorTransaction, found: RegisteredEnterprise) -> bool:
    # Two may register it at once: the second waits here, and then finds the first one's.
    rows = await act.database.execute_query_dict(
        "insert into organisation (enterprise_number, name, kind) values ($1, $2, $3)"
        " on conflict (enterprise_number) do nothing returning id",
        [found.enterprise_number, found.name, found.kind.value],
    )
    if rows:
        organisation = await Organisation.get(id=rows[0]["id"], using_db=act.database)
        after = {"name": found.name, "kind": found.kind}
        await act.record(AuditAction.ORGANISATION_REGISTERED, organisation, organisation.id, after=after)
    return bool(rows)


async def _bring_up_to_date(act: ActorTransaction, organisation: Organisation, found: RegisteredEnterprise) -> None:
    told: dict[str, Any] = {"name": found.name, "kind": found.kind}
    before = {name: getattr(organisation, name) for name in told}
    if told != before:
        await save(act, organisation, **told)
        await act.record(AuditAction.ORGANISATION_UPDATED, organisation, organisation.id, before=before, after=told)


async def _follow(
    act: ActorTransaction, organisation: Organisation, people: Sequence[RegisteredPerson]
) -> tuple[int, int]:
    """Opens the mandates of those who came and closes those of the ones who left; how many of each."""
    # In one order, so that two acts which name the same people don't wait for each other: who is known by key, and
    # then those who are new.
    ordered = sorted(people, key=lambda each: each.national_number)
    await hold_people(act, *(each.national_number for each in ordered))
    named = {(await person_row(act, each)).id for each in ordered}
    standing = AccessMandate.filter(organisation_id=organisation.id, kind=LEGAL, ended_at=None)
    mandates = await standing.order_by("id").using_db(act.database).select_for_update()
    left = [mandate for mandate in mandates if mandate.user_id not in named]
    came = sorted(named - {mandate.user_id for mandate in mandates})
    for mandate in left:
        await _end(act, mandate)
    for user_id in came:
        await _begin(act, organisation, user_id)
    return len(came), len(left)


async def _begin(act: ActorTransaction, organisation: Organisation, user_id: int) -> None:
    mandate = await AccessMandate.create(
        organisation_id=organisation.id, user_id=user_id, kind=LEGAL, since=await act.now(), using_db=act.database
    )
    after = {"kind": LEGAL, "user": user_id}
    await act.record(AuditAction.LEGAL_REPRESENTATIVE_CAME, mandate, organisation.id, after=after)


async def _end(act: ActorTransaction, mandate: AccessMandate) -> None:
    """What comes with the mandate, managing access and administering, is asked of it each time and ends with it."""
    await save(act, mandate, ended_at=await act.now(), end_reason=GONE)
    before = {"kind": LEGAL, "user": mandate.user_id}
    await act.record(
        AuditAction.LEGAL_REPRESENTATIVE_LEFT, mandate, mandate.organisation_id, before=before, reason=GONE
    )
