"""Assignment of actions: assigned, released, completed (domain section 5)."""

from typing import Final

from domain import visibility
from domain.access import may_take_action
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction, require_version
from domain.models import Action, ActionStatus, Assignment, AuditAction, Contract, User
from domain.policies.abilities import Ability
from domain.refusals import ActionDone, ActionNotAssigned, ActionNotOpen, AssigneeWithoutAccess, NotFound
from domain.rules.action_release import release
from domain.rules.running_contract import require_running
from domain.rules.saving import save_next_version
from domain.text_fields import required_reason

_MAY_TAKE: Final = f"select {may_take_action('$1::bigint', '$2::bigint', '$3::bigint')} as may_take_action"


async def assign_action(*, actor: Actor, action_id: int | None, version: int, user_id: int | None) -> Action:
    """Assigns an open action to a person who may draw up documents on its theme, who may be the actor.

    Args:
        actor: A USER with DRAFT on its theme.
        action_id: The action's key.
        version: The version that the assignment was made from.
        user_id: The person's key.

    Raises:
        NotFound: The actor sees no such action or person.
        ContractEnded: The contract is read-only.
        ActionNotOpen: It is assigned or done.
        Forbidden: The actor may not draw up documents on its theme.
        StaleVersion: Somebody else changed it in the meantime.
        AssigneeWithoutAccess: The person may not draw up documents on its theme.
    """
    async with actor_transaction(actor) as act:
        # The person is locked first, as by a revocation of their right, which then looks for the actions assigned to
        # them (decision 0049).
        person = await act.find_or_none(User, user_id, visibility.user)
        # The organisation is locked against changes to groups, links and members, which look for assigned actions too.
        action, contract = await _find_running_action(act, action_id, Ability.ASSIGN, lock_organisation=True)
        if action.status is not ActionStatus.OPEN:
            raise ActionNotOpen("id")
        await act.require(Ability.ASSIGN, action)
        require_version(action, version)
        if person is None:
            raise NotFound("userId")
        await _require_drafter(act, action, person)
        await _assign(act, action, contract, person)
    return action


async def _assign(act: ActorTransaction, action: Action, contract: Contract, person: User) -> None:
    moment = await act.now()
    await save_next_version(act, action, status=ActionStatus.ASSIGNED, assignee_id=person.id, assigned_at=moment)
    await Assignment.create(
        action_id=action.id,
        user_id=person.id,
        assigned_by_id=act.actor.user_id,
        assigned_at=moment,
        using_db=act.database,
    )
    await act.record(AuditAction.ACTION_ASSIGNED, action, contract.organisation_id, after={"assignee": person.id})


async def release_action(*, actor: Actor, action_id: int | None, version: int, reason: str | None) -> Action:
    """Releases an action, so that somebody else can take it; those who can are mailed (manual 4).

    Args:
        actor: The assignee, or an ADMINISTRATOR of the organisation.
        action_id: The action's key.
        version: The version that the release was made from.
        reason: Why, or None.

    Raises:
        NotFound: The actor sees no such action.
        ContractEnded: The contract is read-only.
        ActionDone: It is done.
        ActionNotAssigned: It is not assigned.
        Forbidden: The actor is neither its assignee nor an ADMINISTRATOR.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: The reason is blank.
    """
    async with actor_transaction(actor) as act:
        action, _ = await _find_running_action(act, action_id, Ability.RELEASE)
        _require_assigned(action)
        await act.require(Ability.RELEASE, action)
        require_version(action, version)
        text = None if reason is None else required_reason(reason)
        await release(act, action, AuditAction.ACTION_RELEASED, released_by_id=actor.user_id, reason=text)
    return action


async def complete_action(*, actor: Actor, action_id: int | None, version: int) -> Action:
    """Completes an action.

    Args:
        actor: The assignee.
        action_id: The action's key.
        version: The version that the completion was made from.

    Raises:
        NotFound: The actor sees no such action.
        ContractEnded: The contract is read-only.
        ActionDone: It is done.
        ActionNotAssigned: It is not assigned.
        Forbidden: The actor isn't its assignee.
        StaleVersion: Somebody else changed it in the meantime.
    """
    async with actor_transaction(actor) as act:
        action, contract = await _find_running_action(act, action_id, Ability.COMPLETE)
        _require_assigned(action)
        await act.require(Ability.COMPLETE, action)
        require_version(action, version)
        moment = await act.now()
        await save_next_version(act, action, status=ActionStatus.DONE, done_at=moment)
        open_assignment = Assignment.filter(action_id=action.id, released_at=None).using_db(act.database)
        await open_assignment.update(released_at=moment)
        await act.record(AuditAction.ACTION_COMPLETED, action, contract.organisation_id)
    return action


async def _find_running_action(
    act: ActorTransaction, action_id: int | None, prefetch: Ability, *, lock_organisation: bool = False
) -> tuple[Action, Contract]:
    action = await act.find(
        Action, action_id, visibility.action, "id", prefetch=prefetch, lock_organisation=lock_organisation
    )
    contract = await Contract.get(id=action.contract_id, using_db=act.database)
    require_running(contract, "id")
    return action, contract


def _require_assigned(action: Action) -> None:
    if action.status is ActionStatus.DONE:
        raise ActionDone("id")
    if action.status is not ActionStatus.ASSIGNED:
        raise ActionNotAssigned("id")


async def _require_drafter(act: ActorTransaction, action: Action, person: User) -> None:
    values = [person.id, action.contract_id, action.document_id]
    if not (await act.database.execute_query_dict(_MAY_TAKE, values))[0]["may_take_action"]:
        raise AssigneeWithoutAccess("userId", name=person.full_name)
