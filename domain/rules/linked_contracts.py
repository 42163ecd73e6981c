"""The contracts that a group is linked to."""

from domain.actor_transaction import ActorTransaction
from domain.models import GroupLink


async def linked_contract_ids(act: ActorTransaction, group_id: int) -> list[int]:
    """The keys of the contracts to which the group is linked today, lowest first."""
    links = GroupLink.filter(group_id=group_id, ended_at=None).order_by("contract_id").using_db(act.database)
    return [link.contract_id for link in await links]
