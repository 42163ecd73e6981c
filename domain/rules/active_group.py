"""Active groups: a deleted one can't be changed."""

from domain import visibility
from domain.actor_transaction import ActorTransaction
from domain.models import Group
from domain.policies.abilities import Ability
from domain.refusals import GroupDeleted


async def find_active_group(act: ActorTransaction, group_id: int | None) -> Group:
    """The active group with a key, which the actor administers; the organisation's other changes to groups wait.

    Raises:
        NotFound: The actor sees no such group.
        Forbidden: The actor doesn't administer it.
        GroupDeleted: It was deleted.
    """
    group = await act.find(Group, group_id, visibility.group, "id", prefetch=Ability.ADMINISTER, lock_organisation=True)
    # Only who would administer it sees a deleted one.
    if not group.active:
        raise GroupDeleted("id", name=group.name)
    await act.require(Ability.ADMINISTER, group)
    return group
