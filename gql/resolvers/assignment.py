"""Actions: assigned, released, completed."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Action
from domain.rules import assignment as rules
from gql.reading.ids import key_of

if TYPE_CHECKING:
    from gql.schema.action import AssignActionInput, CompleteActionInput, ReleaseActionInput


async def assign_action(actor: Actor, given: "AssignActionInput") -> Action:
    """Gives an open action to somebody."""
    return await rules.assign_action(
        actor=actor,
        action_id=key_of("Action", given.id),
        version=given.version,
        user_id=key_of("User", given.user_id),
    )


async def release_action(actor: Actor, given: "ReleaseActionInput") -> Action:
    """Gives an action back."""
    return await rules.release_action(
        actor=actor, action_id=key_of("Action", given.id), version=given.version, reason=given.reason
    )


async def complete_action(actor: Actor, given: "CompleteActionInput") -> Action:
    """Says that an action is done."""
    return await rules.complete_action(actor=actor, action_id=key_of("Action", given.id), version=given.version)
