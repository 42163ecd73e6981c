"""Access managers decide on requests (manual 2.1.5.2): rejection, and what it has in common with approval."""

from typing import Final

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.days import brussels_day
from domain.models import AuditAction, LetterKind, SelfRegistration, TaskStatus, User, WorkRelation
from domain.policies.abilities import Ability
from domain.refusals import AlreadyDecided, Forbidden, NobodyHelpsThemselves
from domain.rules.active_period import active_or_upcoming_period
from domain.rules.letters import write_letter
from domain.rules.recipients import Contact
from domain.rules.saving import save
from domain.text_fields import required_reason

SYSTEM_NAME: Final = "e-Contracting"
"""The decider's name if no person decided: a merge of two people closes one of their two requests."""


async def reject_self_registration(*, actor: Actor, task_id: int | None, reason: str) -> SelfRegistration:
    """Rejects a request, and mails the applicant.

    Args:
        actor: An access manager of the organisation, but not the applicant.
        task_id: The request's key.
        reason: Why.

    Raises:
        NotFound: The actor sees no such request.
        Forbidden: The actor manages no access there.
        NobodyHelpsThemselves: It is the actor's own.
        AlreadyDecided: It was already decided.
        Refusals: The reason is missing or invalid.
    """
    async with actor_transaction(actor) as act:
        task = await find_open_task(act, task_id)
        text = required_reason(reason)
        await save_decision(act, task, TaskStatus.REJECTED, text)
        await act.record(AuditAction.SELF_REGISTRATION_REJECTED, task, task.organisation_id, reason=text)
        await write_to_applicant(act, task, LetterKind.REGISTRATION_REJECTED)
    return task


async def find_open_task(act: ActorTransaction, task_id: int | None) -> SelfRegistration:
    """The open request, locked: if two decide at the same time, the second waits here and then finds it decided.

    The applicant is locked too, so that their work relations and rights don't change before the commit.

    Raises:
        NotFound: The actor sees no such request.
        Forbidden: The actor manages no access there.
        NobodyHelpsThemselves: It is the actor's own.
        AlreadyDecided: It was already decided.
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
    """Saves the actor's decision as of now."""
    await save(
        act,
        task,
        status=status,
        decision_reason=reason,
        decided_by_id=act.actor.user_id,
        decided_at=await act.now(),
    )


async def write_to_applicant(act: ActorTransaction, task: SelfRegistration, kind: LetterKind, **about: int) -> None:
    """Writes a letter to the applicant, at the address in the request, otherwise at the work relation's.

    Args:
        act: The transaction of the decision.
        task: The request.
        kind: The kind of letter.
        about: The keys of what was granted, by the columns of `Letter`.
    """
    applicant = await User.get(id=task.applicant_id, using_db=act.database)
    about |= {"organisation_id": task.organisation_id, "self_registration_id": task.id}
    address = task.email or await _work_relation_email(act, task)
    await write_letter(act, kind, [Contact(address, user_id=applicant.id, language=applicant.language)], **about)


async def _work_relation_email(act: ActorTransaction, task: SelfRegistration) -> str | None:
    period = await active_or_upcoming_period(act, task.applicant_id, task.organisation_id)
    if period is None:
        return None
    return (await WorkRelation.get(id=period.work_relation_id, using_db=act.database)).email
