"""The actions that a mutation released, for its payload."""

from collections.abc import Sequence

from domain import visibility
from domain.actor import Actor
from domain.models import Action
from domain.standing import Standing
from domain.where import Where


async def released_actions(actor: Actor, keys: Sequence[int]) -> list[Action]:
    """The released actions that the actor may see: to manage access isn't enough."""
    if not keys:
        return []
    return await Action.filter(Where(visibility.action, await Standing.of(actor)), id__in=keys).order_by("id")
