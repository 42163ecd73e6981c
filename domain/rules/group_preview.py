"""Previews of changes to groups and links: the change is made, its effect measured, and the transaction rolled back."""

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
        theme_id: The theme's key; None for the contract itself, where READ means that the user sees it.
        before: The level now.
        after: The level after the change.
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
        before: The level now; None if the user doesn't see the contract.
        after: The level after the change, likewise.
    """

    user_id: int
    contract_id: int
    before: ReferenceLevel | None
    after: ReferenceLevel | None


@dataclass(frozen=True)
class GroupChangePreview:
    """The effect of a change.

    Attributes:
        access_changes: The levels on themes and contracts that users would gain or lose.
        reference_changes: The levels on own references that users would gain or lose.
        contracts_left_without_sender: The keys of the contracts on which nobody could send any more.
        actions_released: The keys of the actions that would be released.
    """

    access_changes: Sequence[AccessChange]
    reference_changes: Sequence[ReferenceChange]
    contracts_left_without_sender: Sequence[int]
    actions_released: Sequence[int]


class _RollbackError(Exception):
    """Rolls the previewed change back."""


Change = Callable[[ActorTransaction], Awaitable[GroupChange | LinkedGroups]]
"""Makes the change inside a transaction."""
FindContracts = Callable[[ActorTransaction], Awaitable[list[int]]]
"""Finds the keys of the contracts that the change affects, before it is made."""


async def preview_update(
    *, actor: Actor, group_id: int | None, version: int, update: GroupUpdate
) -> GroupChangePreview:
    """What `update_group` would do with the same arguments; raises the same refusals."""
    return await _preview_of_group(actor, group_id, lambda act: change_group(act, group_id, version, update))


async def preview_deletion(*, actor: Actor, group_id: int | None, version: int) -> GroupChangePreview:
    """What `delete_group` would do with the same arguments; raises the same refusals."""
    return await _preview_of_group(actor, group_id, lambda act: deactivate_group(act, group_id, version))


async def preview_links(
    *, actor: Actor, contract_id: int | None, version: int, group_ids: Sequence[int | None]
) -> GroupChangePreview:
    """What `set_contract_groups` would do with the same arguments; raises the same refusals."""

    async def find_contracts(act: ActorTransaction) -> list[int]:
        contract = await act.find(Contract, contract_id, visibility.contract, "contractId", lock_organisation=True)
        return [contract.id]

    return await _preview(actor, find_contracts, lambda act: link_groups(act, contract_id, version, group_ids))


async def _preview_of_group(actor: Actor, group_id: int | None, change: Change) -> GroupChangePreview:
    async def find_contracts(act: ActorTransaction) -> list[int]:
        group = await find_active_group(act, group_id)
        return await linked_contract_ids(act, group.id)

    return await _preview(actor, find_contracts, change)


async def _preview(actor: Actor, find_contracts: FindContracts, change: Change) -> GroupChangePreview:
    """Makes the change in a transaction that is rolled back, so that nobody else ever sees it."""
    preview: GroupChangePreview | None = None
    try:
        async with actor_transaction(actor) as act:
            contract_ids = await find_contracts(act)
            before = await load_access_levels(act, contract_ids)
            change_result = await change(act)
            after = await load_access_levels(act, contract_ids)
            preview = GroupChangePreview(
                access_changes=_access_changes(before, after),
                reference_changes=_reference_changes(before, after),
                contracts_left_without_sender=await _left_without_sender(act, contract_ids, before, after),
                actions_released=change_result.released_action_ids,
            )
            raise _RollbackError  # noqa: TRY301  # the only way to end a transaction without committing it
    except _RollbackError:
        pass
    if preview is None:
        raise RuntimeError("The transaction of a preview ended without a result.")
    return preview


def _access_changes(before: AccessLevels, after: AccessLevels) -> list[AccessChange]:
    """The changes ordered by contract and user, the contract itself before its themes."""
    old, new, none = before.documents, after.documents, DocumentLevel.NONE
    keys = sorted(old.keys() | new.keys(), key=lambda key: (key[1], key[0], key[2] or 0))
    changes = [AccessChange(*key, old.get(key, none), new.get(key, none)) for key in keys]
    return [change for change in changes if change.before != change.after]


def _reference_changes(before: AccessLevels, after: AccessLevels) -> list[ReferenceChange]:
    """The changes ordered by contract and user."""
    old, new = before.references, after.references
    keys = sorted(old.keys() | new.keys(), key=lambda key: key[::-1])
    changes = [ReferenceChange(*key, old.get(key), new.get(key)) for key in keys]
    return [change for change in changes if change.before != change.after]


async def _left_without_sender(
    act: ActorTransaction, contract_ids: list[int], before: AccessLevels, after: AccessLevels
) -> list[int]:
    """The keys of the running contracts on which somebody can send before the change, and nobody after it."""
    visible_themes = {theme.id for theme in await Theme.filter(visible=True).using_db(act.database)}
    running = await Contract.filter(id__in=contract_ids, ended_at=None).order_by("id").using_db(act.database)

    def with_sender(levels: AccessLevels) -> set[int]:
        return {
            contract_id
            for (_, contract_id, theme_id), level in levels.documents.items()
            if theme_id in visible_themes and level is DocumentLevel.SEND
        }

    without_sender = with_sender(before) - with_sender(after)
    return [contract.id for contract in running if contract.id in without_sender]
