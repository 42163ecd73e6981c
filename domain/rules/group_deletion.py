"""Groups deleted by administrators (manual 3.3)."""

from tortoise.expressions import F

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction, require_version
from domain.models import AuditAction, Contract, GroupLink
from domain.rules.action_release import release_lost_actions
from domain.rules.active_group import find_active_group
from domain.rules.contract_groups import unlink
from domain.rules.group_change import GroupChange
from domain.rules.linked_contracts import linked_contract_ids
from domain.rules.saving import save_next_version


async def delete_group(*, actor: Actor, group_id: int | None, version: int) -> GroupChange:
    """Makes a group inactive: its links end, and its members lose the access that it gave.

    The fixed members stay in the inactive group, so that it can be reactivated as it was.

    Args:
        actor: An ADMINISTRATOR of the group's organisation.
        group_id: The group's key.
        version: The version that the deletion was made from.

    Raises:
        NotFound: The actor sees no such group.
        Forbidden: The actor doesn't administer it.
        GroupDeleted: It was deleted already.
        StaleVersion: Somebody else changed it in the meantime.
    """
    async with actor_transaction(actor) as act:
        return await deactivate_group(act, group_id, version)


async def deactivate_group(act: ActorTransaction, group_id: int | None, version: int) -> GroupChange:
    """The same inside a transaction."""
    group = await find_active_group(act, group_id)
    require_version(group, version)
    contract_ids = await linked_contract_ids(act, group.id)
    open_links = GroupLink.filter(group_id=group.id, ended_at=None).order_by("id").using_db(act.database)
    link_ids = [link.id for link in await open_links]
    membership_ids = await unlink(act, link_ids)
    await _increment_versions(act, contract_ids)
    await save_next_version(act, group, active=False, deactivated_at=await act.now())
    await act.record(AuditAction.GROUP_DELETED, group, group.organisation_id, before={"contracts": contract_ids})
    return GroupChange(group, membership_ids, link_ids, await release_lost_actions(act, contract_ids))


async def _increment_versions(act: ActorTransaction, contract_ids: list[int]) -> None:
    """Increments the versions of contracts whose links changed, so that edits from an older version are stale."""
    contracts = Contract.filter(id__in=contract_ids).order_by("id").using_db(act.database)
    # Locked in the order of their keys, so that two transactions on the same contracts don't deadlock.
    await contracts.select_for_update(no_key=True)
    await Contract.filter(id__in=contract_ids).using_db(act.database).update(version=F("version") + 1)
