"""Active groups: a deleted one can't be changed."""

from domain import visibility
from domain.actor_transaction import ActorTransaction
from domain.models import Group
from domain.policies.abilities import Ability
from domain.refusals import GroupDeleted


async def find_active_group(act: ActorTransaction, group_id: int | None) -> Group:
    """The active group with a key, which the actor administers; locks the organisation against other group changes.

    Raises:
        NotFound: The actor sees no such group.
        Forbidden: The actor doesn't administer it.
        GroupDeleted: It was deleted.
    """
    group = await act.find(Group, group_id, visibility.group, "id", prefetch=Ability.ADMINISTER, lock_organisation=True)
    # Deleted groups are visible to administrators only, so the refusal discloses nothing.
    if not group.active:
        raise GroupDeleted("id", name=group.name)
    await act.require(Ability.ADMINISTER, group)
    return group
