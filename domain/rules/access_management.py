"""Permission to manage access on a work relation: nobody manages their own."""

from domain.actor_transaction import ActorTransaction
from domain.models import WorkRelation
from domain.policies.abilities import Ability
from domain.refusals import NobodyHelpsThemselves


async def require_access_management(act: ActorTransaction, relation: WorkRelation, *path: str) -> None:
    """Requires that the actor may manage access on a work relation.

    Raises:
        NobodyHelpsThemselves: It is the actor's own, and the actor is no legal representative.
        Forbidden: The actor manages no access there.
    """
    standing = await act.standing()
    own = relation.user_id == act.actor.user_id
    if own and relation.organisation_id in standing.manages and relation.organisation_id not in standing.represents:
        raise NobodyHelpsThemselves(*path)
    await act.require(Ability.MANAGE_ACCESS, relation)
