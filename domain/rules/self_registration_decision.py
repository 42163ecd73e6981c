"""Access managers decide on requests (manual 2.1.5.2): what approving and rejecting share, and rejecting."""

from typing import Final

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.days import brussels_day
from domain.models import (
    AuditAction,
    LetterKind,
    SelfRegistration,
    TaskStatus,
    User,
    WorkRelation,
)
from domain.policies.abilities import Ability
from domain.refusals import (
    AlreadyDecided,
    Forbidden,
    NobodyHelpsThemselves,
)
from domain.rules.active_period import active_or_upcoming_period
from domain.rules.letters import write_letter
from domain.rules.recipients import Contact
from domain.rules.saving import save
from domain.text_fields import required_reason

SYSTEM_NAME: Final = "e-Contracting"
"""The name of who decided where no person did: a merge of two people closed one of their two requests."""


async def reject_self_registration(*, actor: Actor, task_id: int | None, reason: str) -> SelfRegistration:
    """Rejects a request, and tells the applicant by mail.

    Args:
        actor: An access manager of the organisation, and not the applicant.
        task_id: The request's key.
        reason: Why.

    Raises:
        NotFound: The actor sees no such request.
        Forbidden: The actor manages no access there.
        NobodyHelpsThemselves: It is the actor's own.
        AlreadyDecided: Somebody decided before.
        Refusals: There is no reason.
    """
    async with actor_transaction(actor) as act:
        task = await find_open_task(act, task_id)
        text = required_reason(reason)
        await save_decision(act, task, TaskStatus.REJECTED, text)
        await act.record(AuditAction.SELF_REGISTRATION_REJECTED, task, task.organisation_id, reason=text)
        await write_to_applicant(act, task, LetterKind.REGISTRATION_REJECTED)
    return task


async def find_open_task(act: ActorTransaction, task_id: int | None) -> SelfRegistration:
    """The open request, locked: of two who decide at once, the second waits here and then finds it decided.

    The applicant is locked with it, so that nobody changes their work relations and rights before the commit.

    Raises:
        NotFound: The actor sees no such request.
        Forbidden: The actor manages no access there.
        NobodyHelpsThemselves: It is the actor's own.
        AlreadyDecided: Somebody decided before.
    """
    task = await act.find(SelfRegistration, task_id, visibility.task, "id", prefetch=Ability.DECIDE)
    if task.organisation_id not in (await act.standing()).manages:
        raise Forbidden
    if task.applicant_id == act.actor.user_id:
        raise NobodyHelpsThemselves("id")
    if task.status is not TaskStatus.OPEN and task.decided_at is not None:
        decider = await User.get_or_none(id=task.decided_by_id or 0, using_db=act.database)
        day = brussels_day(task.decided_at)
        name = decider.full_name if decider else SYSTEM_NAME
        facts = {"task": task, "decided_by": decider, "decided_at": task.decided_at}
        raise AlreadyDecided("id", **facts, name=name, day=day)
    await act.require(Ability.DECIDE, task)
    return task


async def save_decision(act: ActorTransaction, task: SelfRegistration, status: TaskStatus, reason: str) -> None:
    """Saves the actor's decision, made at this moment."""
    decision = {"status": status, "decision_reason": reason}
    await save(act, task, **decision, decided_by_id=act.actor.user_id, decided_at=await act.now())


async def write_to_applicant(act: ActorTransaction, task: SelfRegistration, kind: LetterKind, **granted: int) -> None:
    """Writes to the applicant, at the address that was given in the request, else at the work relation's."""
    applicant = await User.get(id=task.applicant_id, using_db=act.database)
    about = {"organisation_id": task.organisation_id, "self_registration_id": task.id, **granted}
    address = task.email or await _work_relation_email(act, task)
    await write_letter(act, kind, [Contact(address, user_id=applicant.id, language=applicant.language)], **about)


async def _work_relation_email(act: ActorTransaction, task: SelfRegistration) -> str | None:
    period = await active_or_upcoming_period(act, task.applicant_id, task.organisation_id)
    if period is None:
        return None
    return (await WorkRelation.get(id=period.work_relation_id, using_db=act.database)).email
