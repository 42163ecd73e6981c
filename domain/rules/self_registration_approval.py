"""Access managers approve requests (manual 2.1.5.2): five steps where a work relation is needed, else two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import (
    AccessRight,
    AuditAction,
    LetterKind,
    Role,
    SelfRegistration,
    TaskStatus,
    WorkRelation,
    WorkRelationCategory,
)
from domain.refusals import Findings, GivenTwice, Refusals, Required, RoleNotRequested, WorkRelationExists
from domain.rules.active_period import active_or_upcoming_period
from domain.rules.current_right import create_right, find_current_right, set_roles
from domain.rules.self_registration_decision import find_open_task, save_decision, write_to_applicant
from domain.rules.work_relation import NewWorkRelation, begin_work_relation
from domain.text_fields import MAX_LONG_TEXT, required_text

DEFAULT_REASON: Final = "Zelfregistratie"


@dataclass(frozen=True)
class Approval:
    """An approval of a request.

    Attributes:
        roles: The approved roles, from the requested ones.
        reason: Why; `Zelfregistratie` if nothing is filled in.
        category: The category of the new work relation; PERMANENT if nothing is filled in.
        valid_from: Its first day; only for a person without an active or upcoming work relation.
        valid_until: Its last day, likewise.
    """

    roles: Sequence[Role]
    reason: str | None = None
    category: WorkRelationCategory | None = None
    valid_from: date | None = None
    valid_until: date | None = None


async def approve_self_registration(
    *, actor: Actor, task_id: int | None, approval: Approval
) -> tuple[SelfRegistration, AccessRight]:
    """Approves a request: work relation, right, decision and the mail to the applicant in one transaction.

    Args:
        actor: An access manager of the organisation, but not the applicant.
        task_id: The request's key.
        approval: The approval.

    Raises:
        NotFound: The actor sees no such request.
        Forbidden: The actor manages no access there.
        NobodyHelpsThemselves: It is the actor's own.
        AlreadyDecided: It was already decided.
        Refusals: The roles, the reason or the period are invalid.
        WorkRelationExists: A category or period is given for a person who has a work relation.
        WorkRelationOverlap: The period overlaps that of another work relation.
    """
    async with actor_transaction(actor) as act:
        task = await find_open_task(act, task_id)
        reason = _check_roles_and_reason(task, approval)
        relation = await _find_or_begin_work_relation(act, task, approval)
        right = await _grant_roles(act, relation, approval.roles, reason)
        await save_decision(act, task, TaskStatus.APPROVED, reason)
        after = {"roles": sorted(approval.roles), "workRelation": relation.id, "right": right.id}
        await act.record(AuditAction.SELF_REGISTRATION_APPROVED, task, task.organisation_id, after=after, reason=reason)
        granted = {"work_relation_id": relation.id, "access_right_id": right.id}
        await write_to_applicant(act, task, LetterKind.REGISTRATION_APPROVED, **granted)
    return task, right


def _check_roles_and_reason(task: SelfRegistration, approval: Approval) -> str:
    """Checks roles and reason; returns the reason as it is stored.

    Raises:
        Refusals: One for each that is missing or invalid.
    """
    findings = Findings()
    requested = _requested_roles(task)
    if not approval.roles:
        findings.add(Required("roles"))
    for position, role in enumerate(approval.roles):
        if role not in requested:
            findings.add(RoleNotRequested("roles", position, possible=requested))
        elif role in approval.roles[:position]:
            findings.add(GivenTwice("roles", position, what=role))
    text = approval.reason if (approval.reason or "").strip() else DEFAULT_REASON
    reason = required_text(findings, text, "reason", maximum=MAX_LONG_TEXT, multiline=True)
    findings.raise_if_any()
    return reason


def _requested_roles(task: SelfRegistration) -> list[Role]:
    requested = {Role.ADMINISTRATOR: task.asks_administrator, Role.USER: task.asks_user}
    return [role for role, is_requested in requested.items() if is_requested]


async def _find_or_begin_work_relation(
    act: ActorTransaction, task: SelfRegistration, approval: Approval
) -> WorkRelation:
    period = await active_or_upcoming_period(act, task.applicant_id, task.organisation_id)
    if period is None:
        return await _begin_work_relation(act, task, approval)
    if approval.category or approval.valid_from or approval.valid_until:
        field = "category" if approval.category else "validFrom" if approval.valid_from else "validUntil"
        raise WorkRelationExists(field, first_day=period.valid_from, last_day=period.valid_until)
    return await WorkRelation.get(id=period.work_relation_id, using_db=act.database)


async def _begin_work_relation(act: ActorTransaction, task: SelfRegistration, approval: Approval) -> WorkRelation:
    first, last = approval.valid_from, approval.valid_until
    if first is None or last is None:
        days = {"validFrom": first, "validUntil": last}
        raise Refusals([Required(field) for field, day in days.items() if day is None])
    new = NewWorkRelation(approval.category or WorkRelationCategory.PERMANENT, first, last, task.email, task.phone)
    return await begin_work_relation(act, task.organisation_id, task.applicant_id, new)


async def _grant_roles(
    act: ActorTransaction, relation: WorkRelation, roles: Sequence[Role], reason: str
) -> AccessRight:
    """Grants a new right with the roles, or adds the roles to the current one."""
    current = await find_current_right(act, relation.id)
    if current is None:
        return await create_right(act, relation, roles, reason)
    await set_roles(act, current, relation, sorted(current.roles | set(roles)), reason)
    return current.right
