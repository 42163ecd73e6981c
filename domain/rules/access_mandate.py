"""Access managers appointed and dismissed (manual 2)."""

from typing import Final

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.days import brussels_day
from domain.mandates import mandate_counts
from domain.models import AccessMandate, AccessMandateKind, AuditAction, Organisation, User
from domain.policies.abilities import Ability
from domain.predicate import Predicate
from domain.refusals import (
    AlreadyAppointed,
    LegalRepresentativeByRegister,
    MainAccessManagerTaken,
    MandateEnded,
    NobodyHelpsThemselves,
    WorkRelationNotActive,
)
from domain.rules.saving import save
from domain.text_fields import required_reason

REQUIRED_ABILITY: Final = {
    AccessMandateKind.MAIN_ACCESS_MANAGER: Ability.APPOINT_MAIN_ACCESS_MANAGER,
    AccessMandateKind.ACCESS_MANAGER: Ability.APPOINT_ACCESS_MANAGER,
}
"""The ability that is required to appoint somebody, by the kind of mandate."""
_COUNTS_TODAY: Final = Predicate(mandate_counts("{row}"))
NEW_WORK_RELATION: Final = "Nieuwe werkrelatie"
"""The end reason of a mandate from a former work relation, when its holder is appointed again."""


async def appoint_access_manager(
    *, actor: Actor, organisation_id: int | None, user_id: int | None, kind: AccessMandateKind
) -> AccessMandate:
    """Appoints the main access manager, or an access manager.

    Args:
        actor: A legal representative; for access managers also the main access manager.
        organisation_id: The organisation's key.
        user_id: The key of the person, who has an active work relation with it.
        kind: Which mandate.

    Raises:
        LegalRepresentativeByRegister: Legal representatives follow the enterprise register.
        NotFound: The actor sees no such organisation or person.
        Forbidden: The actor may not appoint here.
        NobodyHelpsThemselves: The person is the actor.
        WorkRelationNotActive: The person has no work relation that runs today.
        MainAccessManagerTaken: There is one.
        AlreadyAppointed: The person has this mandate, and it counts. A mandate from a former work relation ends, and
            the new one replaces it.
    """
    if kind not in REQUIRED_ABILITY:
        raise LegalRepresentativeByRegister("kind")
    async with actor_transaction(actor) as act:
        organisation = await act.find(
            Organisation, organisation_id, visibility.organisation, "organisationId", prefetch=REQUIRED_ABILITY[kind]
        )
        await act.require(REQUIRED_ABILITY[kind], organisation)
        person = await _find_appointee(act, organisation, user_id)
        await _check_vacancy(act, organisation, person, kind)
        mandate = await AccessMandate.create(
            organisation_id=organisation.id,
            user_id=person.id,
            kind=kind,
            since=await act.now(),
            appointed_by_id=actor.user_id,
            using_db=act.database,
        )
        after = {"kind": kind, "user": person.id}
        await act.record(AuditAction.ACCESS_MANAGER_APPOINTED, mandate, organisation.id, after=after)
    return mandate


async def _find_appointee(act: ActorTransaction, organisation: Organisation, user_id: int | None) -> User:
    person = await act.find(User, user_id, visibility.user, "userId")
    if person.id == act.actor.user_id:
        raise NobodyHelpsThemselves("userId")
    # The key is an integer of ours, so it can be part of the text.
    works_today = Predicate(f"""exists (select from work_relation_period rp where rp.user_id = {{row}}.id
        and rp.organisation_id = {int(organisation.id)}
        and brussels_today() between rp.valid_from and rp.valid_until)""")
    if not await act.holds(works_today, person):
        raise WorkRelationNotActive("userId", name=person.full_name)
    return person


async def _check_vacancy(
    act: ActorTransaction, organisation: Organisation, person: User, kind: AccessMandateKind
) -> None:
    current = AccessMandate.filter(organisation_id=organisation.id, kind=kind, ended_at=None).using_db(act.database)
    # Locked: if another transaction is ending one of them, its author and reason must not be overwritten.
    for mandate in await current.order_by("id").select_for_update(no_key=True).prefetch_related("user"):
        if mandate.user_id == person.id:
            await _end_former(act, mandate, person)
        elif kind is AccessMandateKind.MAIN_ACCESS_MANAGER:
            raise MainAccessManagerTaken("kind", name=mandate.user.full_name)


async def _end_former(act: ActorTransaction, mandate: AccessMandate, person: User) -> None:
    """Ends a mandate that doesn't count any more, because its holder has a new work relation."""
    if await act.holds(_COUNTS_TODAY, mandate):
        raise AlreadyAppointed("userId", name=person.full_name)
    await _end(act, mandate, NEW_WORK_RELATION)


async def _end(act: ActorTransaction, mandate: AccessMandate, reason: str) -> None:
    await save(act, mandate, ended_at=await act.now(), ended_by_id=act.actor.user_id, end_reason=reason)
    before = {"kind": mandate.kind, "user": mandate.user_id}
    await act.record(
        AuditAction.ACCESS_MANAGER_DISMISSED, mandate, mandate.organisation_id, before=before, reason=reason
    )


async def dismiss_access_manager(*, actor: Actor, mandate_id: int | None, reason: str) -> AccessMandate:
    """Ends a mandate.

    Args:
        actor: A legal representative; for access managers also the main access manager.
        mandate_id: The mandate's key.
        reason: Why.

    Raises:
        NotFound: The actor sees no such mandate.
        LegalRepresentativeByRegister: Legal representatives follow the enterprise register.
        MandateEnded: It has already ended.
        Forbidden: The actor may not dismiss here.
        Refusals: The reason is missing or invalid.
    """
    async with actor_transaction(actor) as act:
        mandate = await act.find(AccessMandate, mandate_id, visibility.access_mandate, "id", prefetch=Ability.DISMISS)
        if mandate.kind is AccessMandateKind.LEGAL_REPRESENTATIVE:
            raise LegalRepresentativeByRegister("id")
        if mandate.ended_at is not None:
            raise MandateEnded("id", day=brussels_day(mandate.ended_at))
        await act.require(Ability.DISMISS, mandate)
        await _end(act, mandate, required_reason(reason))
    return mandate
