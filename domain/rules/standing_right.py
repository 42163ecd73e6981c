"""The right that stands on a work relation, with the roles that it has now (manual 2.1.4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.actor_transaction import ActorTransaction
from domain.models import AccessRight, AccessRightRole, Role


@dataclass(frozen=True)
class StandingRight:
    """A right that wasn't revoked.

    Attributes:
        right: The right.
        rows: The rows of the roles that it has now.
    """

    right: AccessRight
    rows: Sequence[AccessRightRole]

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that it has now."""
        return frozenset({row.role for row in self.rows})


async def standing_right(act: ActorTransaction, work_relation_id: int) -> StandingRight | None:
    """The right that stands on a work relation, held, if there is one; the act holds the person."""
    standing = AccessRight.filter(work_relation_id=work_relation_id, revoked_at=None).using_db(act.database)
    right = await standing.select_for_update(no_key=True).first()
    return await with_roles(act, right) if right else None


async def with_roles(act: ActorTransaction, right: AccessRight) -> StandingRight:
    """The right with the roles that it has now."""
    return StandingRight(
        right, await AccessRightRole.filter(access_right_id=right.id, valid_to=None).using_db(act.database)
    )
