"""What a change to groups or links would do: it is done, compared and rolled back."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import Contract, DocumentLevel, ReferenceLevel, Theme
from domain.rules.access_levels import AccessLevels, load_access_levels
from domain.rules.active_group import find_active_group
from domain.rules.contract_groups import LinkedGroups, link_groups
from domain.rules.group_change import GroupChange
from domain.rules.group_deletion import deactivate_group
from domain.rules.group_update import GroupUpdate, change_group
from domain.rules.linked_contracts import linked_contract_ids


@dataclass(frozen=True)
class AccessChange:
    """A level that a user would gain or lose.

    Attributes:
        user_id: The user's key.
        contract_id: The contract's key.
        theme_id: The theme's key; None for the contract itself, which is open to whoever has READ.
        before: The level now.
        after: The level then.
    """

    user_id: int
    contract_id: int
    theme_id: int | None
    before: DocumentLevel
    after: DocumentLevel


@dataclass(frozen=True)
class ReferenceChange:
    """A level on the own reference of a contract that a user would gain or lose.

    Attributes:
        user_id: The user's key.
        contract_id: The contract's key.
        before: The level now; None while the contract isn't open to the user.
        after: The level then, likewise.
    """

    user_id: int
    contract_id: int
    before: ReferenceLevel | None
    after: ReferenceLevel | None


@dataclass(frozen=True)
class GroupChangePreview:
    """What a change would do: keys of the contracts and actions, and who gains or loses what."""

    access_changes: Sequence[AccessChange]
    reference_changes: Sequence[ReferenceChange]
    contracts_left_without_sender: Sequence[int]
    actions_released: Sequence[int]


class _RollbackError(Exception):
    """Rolls the previewed change back."""


Change = Callable[[ActorTransaction], Awaitable[GroupChange | LinkedGroups]]


async def preview_update(
    *, actor: Actor, group_id: int | None, version: int, update: GroupUpdate
) -> GroupChangePreview:
    """What `update_group` would do with the same arguments; refused as that is."""
    return await _preview_of_group(actor, group_id, lambda act: change_group(act, group_id, version, update))


async def preview_deletion(*, actor: Actor, group_id: int | None, version: int) -> GroupChangePreview:
    """What `delete_group` would do with the same arguments; refused as that is."""
    return await _preview_of_group(actor, group_id, lambda act: deactivate_group(act, group_id, version))


async def preview_links(
    *, actor: Actor, contract_id: int | None, version: int, group_ids: Sequence[int | None]
) -> GroupChangePreview:
    """What `set_contract_groups` would do with the same arguments; refused as that is."""

    async def affected(act: ActorTransaction) -> list[int]:
        contract = await act.find(Contract, contract_id, visibility.contract, "contractId", lock_organisation=True)
        return [contract.id]

    return await _preview(actor, affected, lambda act: link_groups(act, contract_id, version, group_ids))


async def _preview_of_group(actor: Actor, group_id: int | None, change: Change) -> GroupChangePreview:
    async def affected(act: ActorTransaction) -> list[int]:
        group = await find_active_group(act, group_id)
        return await linked_contract_ids(act, group.id)

    return await _preview(actor, affected, change)


async def _preview(
    actor: Actor, affected: Callable[[ActorTransaction], Awaitable[list[int]]], change: Change
) -> GroupChangePreview:
    """Makes the change in a transaction that is rolled back, so that nobody else ever sees it."""
    preview: GroupChangePreview | None = None
    try:
        async with actor_transaction(actor) as act:
            contracts = await affected(act)
            before = await load_access_levels(act, contracts)
            released = (await change(act)).released_action_ids
            after = await load_access_levels(act, contracts)
            left = await _left_without_sender(act, contracts, before, after)
            preview = GroupChangePreview(
                _access_changes(before, after), _reference_changes(before, after), left, released
            )
            raise _RollbackError  # noqa: TRY301  # the only way to end a transaction without committing it
    except _RollbackError:
        pass
    if preview is None:
        raise RuntimeError("A preview ended without an answer.")
    return preview


def _access_changes(before: AccessLevels, after: AccessLevels) -> list[AccessChange]:
    """By contract, then by user, the contract itself before its themes."""
    old, new, none = before.documents, after.documents, DocumentLevel.NONE
    keys = sorted(old.keys() | new.keys(), key=lambda key: (key[1], key[0], key[2] or 0))
    changes = [AccessChange(*key, old.get(key, none), new.get(key, none)) for key in keys]
    return [change for change in changes if change.before != change.after]


def _reference_changes(before: AccessLevels, after: AccessLevels) -> list[ReferenceChange]:
    """By contract, then by user."""
    old, new = before.references, after.references
    keys = sorted(old.keys() | new.keys(), key=lambda key: key[::-1])
    changes = [ReferenceChange(*key, old.get(key), new.get(key)) for key in keys]
    return [change for change in changes if change.before != change.after]


async def _left_without_sender(
    act: ActorTransaction, contracts: list[int], before: AccessLevels, after: AccessLevels
) -> list[int]:
    """The running contracts on which somebody can send now, and nobody then."""
    visible = {theme.id for theme in await Theme.filter(visible=True).using_db(act.database)}
    running = await Contract.filter(id__in=contracts, ended_at=None).order_by("id").using_db(act.database)

    def senders(levels: AccessLevels) -> set[int]:
        return {
            contract
            for (_, contract, theme), level in levels.documents.items()
            if theme in visible and level is DocumentLevel.SEND
        }

    lost = senders(before) - senders(after)
    return [contract.id for contract in running if contract.id in lost]
