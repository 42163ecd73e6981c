"""The memberships of an earlier work relation: a new one begins without them (manual 2.1.3)."""

from domain.actor import Actor
from domain.actor_transaction import actor_transaction
from domain.models import Membership, WorkRelation


async def former_memberships(*, actor: Actor, relation: WorkRelation) -> list[Membership] | None:
    """The open memberships of the person's earlier work relations with the organisation, for the screen to offer.

    Args:
        actor: The person who created the work relation.
        relation: The new work relation.

    Returns:
        Those that can be restored: in an active group, and not for a contract that has ended. None when the actor is no
        ADMINISTRATOR of the organisation.
    """
    async with actor_transaction(actor) as act:
        if relation.organisation_id not in (await act.standing()).administers:
            return None
        earlier = Membership.filter(
            user_id=relation.user_id,
            organisation_id=relation.organisation_id,
            ended_at=None,
            group__active=True,
            contract__ended_at=None,
        ).exclude(work_relation_id=relation.id)
        return await earlier.order_by("id").using_db(act.database)
