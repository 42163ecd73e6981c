"""Work relations that are changed, extended and ended (manual 2.1.3)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction, require_version
from domain.models import AuditAction, LetterKind, User, WorkRelation, WorkRelationCategory
from domain.personal_values import sealed_value
from domain.policies.abilities import Ability
from domain.refusals import Findings
from domain.rules.access_management import require_access_management
from domain.rules.letters import write_letter
from domain.rules.recipients import Contact, address_key
from domain.rules.saving import save_next_version
from domain.rules.work_relation_period import end_period, latest_period, move_last_day
from domain.text_fields import optional_email, optional_phone, required_reason
from domain.unchanged import UNCHANGED, Unchanged


@dataclass(frozen=True)
class WorkRelationUpdate:
    """An update of a work relation; `UNCHANGED` fields stay as they are, None empties."""

    category: WorkRelationCategory | Unchanged = UNCHANGED
    valid_until: date | Unchanged = UNCHANGED
    email: str | Unchanged | None = UNCHANGED
    phone: str | Unchanged | None = UNCHANGED


async def update_work_relation(
    *, actor: Actor, work_relation_id: int | None, version: int, update: WorkRelationUpdate
) -> WorkRelation:
    """Changes category, address, telephone number or last day; after expiry, a new last day begins a new period.

    A mail to the former address reports that it was changed.

    Args:
        actor: An access manager of the organisation; for their own work relation only a legal representative.
        work_relation_id: The work relation's key.
        version: The version that the change was made from.
        update: The new values.

    Raises:
        NotFound: The actor sees no such work relation.
        Forbidden: The actor may not manage it.
        NobodyHelpsThemselves: It is the actor's own, who is no legal representative.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: The address or the telephone number is invalid.
        LastDayInThePast, LastDayBeforeFirstDay, WorkRelationTooLong, WorkRelationOverlap: The last day is invalid.
        PersonErased: The person was erased: the work relation gets no new period, address or telephone number.
    """
    async with actor_transaction(actor) as act:
        relation = await act.find(
            WorkRelation, work_relation_id, visibility.work_relation, "id", prefetch=Ability.MANAGE_ACCESS
        )
        await require_access_management(act, relation, "id")
        require_version(relation, version)
        columns = _changed_columns(relation, update)
        before, after = await _audit_values(act, relation, columns)
        former_email = relation.email
        if not isinstance(update.valid_until, Unchanged):
            period = await latest_period(act, relation)
            if update.valid_until != period.valid_until:
                before["validUntil"] = period.valid_until.isoformat()
                after["validUntil"] = update.valid_until.isoformat()
                await move_last_day(act, relation, update.valid_until)
        if after:
            await save_next_version(act, relation, **columns)
            await act.record(
                AuditAction.WORK_RELATION_CHANGED, relation, relation.organisation_id, before=before, after=after
            )
            await _write_to_former_address(act, relation, former_email)
    return relation


def _changed_columns(relation: WorkRelation, update: WorkRelationUpdate) -> dict[str, Any]:
    """The columns whose value changes, with the new one."""
    findings = Findings()
    columns: dict[str, Any] = {}
    if not isinstance(update.category, Unchanged):
        columns["category"] = update.category
    if not isinstance(update.email, Unchanged):
        columns["email"] = optional_email(findings, update.email, "email")
    # Older numbers are stored as they were typed. A form that sends one back unchanged doesn't change it.
    if not isinstance(update.phone, Unchanged) and update.phone != relation.phone:
        columns["phone"] = optional_phone(findings, update.phone, "phone")
    findings.raise_if_any()
    return {name: value for name, value in columns.items() if value != getattr(relation, name)}


async def _audit_values(
    act: ActorTransaction, relation: WorkRelation, columns: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The former and the new values of the columns, as the audit log has them."""

    async def audit_value(name: str, value: Any) -> Any:
        return value if name == "category" else await sealed_value(act.database, relation.user_id, value)

    before = {name: await audit_value(name, getattr(relation, name)) for name in columns}
    return before, {name: await audit_value(name, value) for name, value in columns.items()}


async def _write_to_former_address(act: ActorTransaction, relation: WorkRelation, former_email: str | None) -> None:
    if former_email is None or (relation.email and address_key(relation.email) == address_key(former_email)):
        return
    person = await User.get(id=relation.user_id, using_db=act.database)
    about = {"organisation_id": relation.organisation_id, "work_relation_id": relation.id}
    contact = Contact(former_email, user_id=person.id, language=person.language)
    await write_letter(act, LetterKind.ADDRESS_CHANGED, [contact], **about)


async def end_work_relation(
    *, actor: Actor, work_relation_id: int | None, version: int, on: date, reason: str
) -> WorkRelation:
    """Ends a work relation early.

    Args:
        actor: An access manager of the organisation; for their own work relation only a legal representative.
        work_relation_id: The work relation's key.
        version: The version that the change was made from.
        on: The last day of access, today or later, in Brussels.
        reason: Why.

    Raises:
        NotFound: The actor sees no such work relation.
        Forbidden: The actor may not manage it.
        NobodyHelpsThemselves: It is the actor's own, who is no legal representative.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: The reason is missing or invalid.
        WorkRelationOver: It has already ended.
        LastDayInThePast, LastDayBeforeFirstDay, LastDayReached, LastDayNotEarlier: The day is invalid.
    """
    async with actor_transaction(actor) as act:
        relation = await act.find(
            WorkRelation, work_relation_id, visibility.work_relation, "id", prefetch=Ability.MANAGE_ACCESS
        )
        await require_access_management(act, relation, "id")
        require_version(relation, version)
        text = required_reason(reason)
        before = {"validUntil": (await latest_period(act, relation)).valid_until.isoformat()}
        period = await end_period(act, relation, on)
        await save_next_version(act, relation)
        after = {"validUntil": period.valid_until.isoformat()}
        await act.record(
            AuditAction.WORK_RELATION_ENDED, relation, relation.organisation_id, before=before, after=after, reason=text
        )
    return relation
