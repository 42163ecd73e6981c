"""Assignment of actions: assigned, released, completed."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Action
from domain.rules import assignment as rules
from gql.reading.ids import key_of

if TYPE_CHECKING:
    from gql.schema.action import AssignActionInput, CompleteActionInput, ReleaseActionInput


async def assign_action(actor: Actor, input: "AssignActionInput") -> Action:
    """Assigns an open action to a person."""
    return await rules.assign_action(
        actor=actor,
        action_id=key_of("Action", input.id),
        version=input.version,
        user_id=key_of("User", input.user_id),
    )


async def release_action(actor: Actor, input: "ReleaseActionInput") -> Action:
    """Releases an action."""
    return await rules.release_action(
        actor=actor, action_id=key_of("Action", input.id), version=input.version, reason=input.reason
    )


async def complete_action(actor: Actor, input: "CompleteActionInput") -> Action:
    """Completes an action."""
    return await rules.complete_action(actor=actor, action_id=key_of("Action", input.id), version=input.version)
