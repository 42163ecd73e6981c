"""What ended or was released with a mutation's change of access, for its payload.

Queries of what ended are executed when their field is completed, thus only if the client selects it.
"""

from collections.abc import Sequence

from tortoise.queryset import QuerySet

from domain import visibility
from domain.actor import Actor
from domain.models import Action, GroupLink, Membership
from domain.standing import Standing
from domain.where import Where


def ended_group_links(keys: Sequence[int]) -> QuerySet[GroupLink] | list[GroupLink]:
    """The links that ended; whoever may make the change may also read them."""
    return GroupLink.filter(id__in=keys).order_by("id") if keys else []


def ended_memberships(keys: Sequence[int]) -> QuerySet[Membership] | list[Membership]:
    """The memberships that ended; whoever may make the change may also read them."""
    return Membership.filter(id__in=keys).order_by("id") if keys else []


async def released_actions(actor: Actor, keys: Sequence[int]) -> list[Action]:
    """The released actions that the actor may see; access managers may release actions that they may not see."""
    if not keys:
        return []
    return await Action.filter(Where(visibility.action, await Standing.of(actor)), id__in=keys).order_by("id")
