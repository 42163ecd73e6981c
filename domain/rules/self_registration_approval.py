"""Access managers approve requests (manual 2.1.5.2): five steps with a work relation to be made, two without."""

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
from domain.rules.access_right import give_right, give_roles
from domain.rules.applicants_work import period_there
from domain.rules.self_registration_decision import decide, tell_applicant, undecided_task
from domain.rules.standing_right import standing_right
from domain.rules.work_relation import NewWorkRelation, begin_work_relation
from domain.text_fields import MAX_LONG_TEXT, required_text

DEFAULT_REASON: Final = "Zelfregistratie"


@dataclass(frozen=True)
class Approval:
    """What an access manager fills in.

    Attributes:
        roles: What is approved of the roles that were asked for.
        reason: Why; `Zelfregistratie` when nothing is filled in.
        category: Of the work relation to be made; a permanent one when nothing is filled in.
        valid_from: Its first day; filled in only where the person has no work relation that runs or is to come.
        valid_until: Its last day, likewise.
    """

    roles: Sequence[Role]
    reason: str | None = None
    category: WorkRelationCategory | None = None
    valid_from: date | None = None
    valid_until: date | None = None


async def approve_self_registration(
    *, actor: Actor, task_id: int | None, given: Approval
) -> tuple[SelfRegistration, AccessRight]:
    """Approves a request: work relation, right, decision and the mail to the applicant in one transaction.

    Args:
        actor: An access manager of the organisation, and not the applicant.
        task_id: The request's key.
        given: What was filled in.

    Raises:
        NotFound: The actor sees no such request.
        Forbidden: The actor manages no access there.
        NobodyHelpsThemselves: It is the actor's own.
        AlreadyDecided: Somebody decided before.
        Refusals: What is wrong with the roles, the reason or the period.
        WorkRelationExists: A period is given for a person who has a work relation.
        WorkRelationOverlap: Another work relation has some of these days.
    """
    async with actor_transaction(actor) as act:
        task = await undecided_task(act, task_id)
        reason = _checked(task, given)
        relation = await _work_relation(act, task, given)
        right = await _right(act, relation, given.roles, reason)
        await decide(act, task, TaskStatus.APPROVED, reason)
        after = {"roles": sorted(given.roles), "workRelation": relation.id, "right": right.id}
        await act.record(AuditAction.SELF_REGISTRATION_APPROVED, task, task.organisation_id, after=after, reason=reason)
        granted = {"work_relation_id": relation.id, "access_right_id": right.id}
        await tell_applicant(act, task, LetterKind.REGISTRATION_APPROVED, **granted)
    return task, right


def _checked(task: SelfRegistration, given: Approval) -> str:
    """The reason, when it and the roles are in order."""
    findings = Findings()
    asked = [role for role, is_asked in _asked(task) if is_asked]
    if not given.roles:
        findings.add(Required("roles"))
    for place, role in enumerate(given.roles):
        if role not in asked:
            findings.add(RoleNotRequested("roles", place, possible=asked))
        elif role in given.roles[:place]:
            findings.add(GivenTwice("roles", place, what=role))
    filled = given.reason if (given.reason or "").strip() else DEFAULT_REASON
    reason = required_text(findings, filled, "reason", maximum=MAX_LONG_TEXT, multiline=True)
    findings.raise_if_any()
    return reason


def _asked(task: SelfRegistration) -> tuple[tuple[Role, bool], ...]:
    return (Role.ADMINISTRATOR, task.asks_administrator), (Role.USER, task.asks_user)


async def _work_relation(act: ActorTransaction, task: SelfRegistration, given: Approval) -> WorkRelation:
    period = await period_there(act, task.applicant_id, task.organisation_id)
    if period is None:
        return await _new_work_relation(act, task, given)
    if given.category or given.valid_from or given.valid_until:
        field = "category" if given.category else "validFrom" if given.valid_from else "validUntil"
        raise WorkRelationExists(field, first_day=period.valid_from, last_day=period.valid_until)
    return await WorkRelation.get(id=period.work_relation_id, using_db=act.database)


async def _new_work_relation(act: ActorTransaction, task: SelfRegistration, given: Approval) -> WorkRelation:
    first, last = given.valid_from, given.valid_until
    if first is None or last is None:
        days = {"validFrom": first, "validUntil": last}
        raise Refusals([Required(field) for field, day in days.items() if day is None])
    new = NewWorkRelation(given.category or WorkRelationCategory.PERMANENT, first, last, task.email, task.phone)
    return await begin_work_relation(act, task.organisation_id, task.applicant_id, new)


async def _right(act: ActorTransaction, relation: WorkRelation, roles: Sequence[Role], reason: str) -> AccessRight:
    """A new right with the roles, or the one that stands with the roles added."""
    standing = await standing_right(act, relation.id)
    if standing is None:
        return await give_right(act, relation, roles, reason)
    await give_roles(act, standing, relation, sorted(standing.roles | set(roles)), reason)
    return standing.right
