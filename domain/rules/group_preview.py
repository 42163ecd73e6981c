"""What a change to groups or links would do, told by doing it and taking it back."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.access_reasons import todays_reasons
from domain.acting import Acting, acting
from domain.actor import Actor
from domain.models import Contract, DocumentLevel, Group, GroupLink, Theme
from domain.rules.contract_groups import tie_groups
from domain.rules.group_delete import end_group
from domain.rules.group_update import ChangedGroup, change_group
from domain.rules.turns import take_turn

Place = tuple[int, int, int | None]
"""A user, a contract and a theme; without a theme, the contract itself."""

_LEVELS: Final = f"""
  with reason as materialized ({todays_reasons("c.id = any($1::bigint[])", "true")})
  select user_id, contract_id, null::bigint as theme_id, {DocumentLevel.READ.value} as level
  from reason group by user_id, contract_id
  union all
  select reason.user_id, reason.contract_id, t.id,
    max(case when reason.member__ = 'AdministratorAccess' then {DocumentLevel.READ.value} else tl.level end)
  from reason cross join theme t
  left join group_theme_level tl on tl.group_id = reason.group_id and tl.theme_id = t.id and tl.valid_to is null
  group by reason.user_id, reason.contract_id, t.id
  having max(case when reason.member__ = 'AdministratorAccess' then {DocumentLevel.READ.value} else tl.level end) > 0"""


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
class GroupChangePreview:
    """What a change would do: keys of the contracts and actions, and who gains or loses what."""

    access_changes: Sequence[AccessChange]
    contracts_left_without_sender: Sequence[int]
    actions_released: Sequence[int]


class _TakenBackError(Exception):
    """Undoes what was done to see what it does."""


Change = Callable[[Acting], Awaitable[tuple[Any, list[int]]]]


async def preview_update(
    *, actor: Actor, group_id: int | None, version: int, change: ChangedGroup
) -> GroupChangePreview:
    """What `update_group` would do with the same arguments; refused as that is."""
    return await _preview_of_group(actor, group_id, lambda act: change_group(act, group_id, version, change))


async def preview_deletion(*, actor: Actor, group_id: int | None, version: int) -> GroupChangePreview:
    """What `delete_group` would do with the same arguments; refused as that is."""
    return await _preview_of_group(actor, group_id, lambda act: end_group(act, group_id, version))


async def preview_links(
    *, actor: Actor, contract_id: int | None, version: int, group_ids: Sequence[int | None]
) -> GroupChangePreview:
    """What `set_contract_groups` would do with the same arguments; refused as that is."""

    async def touched(act: Acting) -> list[int]:
        await take_turn(act, Contract, contract_id)
        return [contract_id or 0]

    return await _preview(actor, touched, lambda act: tie_groups(act, contract_id, version, group_ids))


async def _preview_of_group(actor: Actor, group_id: int | None, change: Change) -> GroupChangePreview:
    async def touched(act: Acting) -> list[int]:
        await take_turn(act, Group, group_id)
        links = GroupLink.filter(group_id=group_id or 0, ended_at=None).using_db(act.database)
        return [link.contract_id for link in await links]

    return await _preview(actor, touched, change)


async def _preview(
    actor: Actor, touched: Callable[[Acting], Awaitable[list[int]]], change: Change
) -> GroupChangePreview:
    """Does it in a transaction that is taken back; nothing of it was ever there for anyone else."""
    found: GroupChangePreview | None = None
    try:
        async with acting(actor) as act:
            contracts = await touched(act)
            before = await _levels(act, contracts)
            _, released = await change(act)
            after = await _levels(act, contracts)
            left = await _left_without_sender(act, contracts, before, after)
            found = GroupChangePreview(_changes(before, after), left, released)
            raise _TakenBackError  # noqa: TRY301  # the only way to end a transaction without keeping it
    except _TakenBackError:
        pass
    if found is None:
        raise RuntimeError("A preview ended without an answer.")
    return found


async def _levels(act: Acting, contracts: list[int]) -> dict[Place, DocumentLevel]:
    rows = await act.database.execute_query_dict(_LEVELS, [contracts])
    return {(row["user_id"], row["contract_id"], row["theme_id"]): DocumentLevel(row["level"]) for row in rows}


def _changes(before: dict[Place, DocumentLevel], after: dict[Place, DocumentLevel]) -> list[AccessChange]:
    """By contract, then by user, the contract itself before its themes."""
    places = sorted(before.keys() | after.keys(), key=lambda place: (place[1], place[0], place[2] or 0))
    none = DocumentLevel.NONE
    levels = [(place, before.get(place, none), after.get(place, none)) for place in places]
    return [AccessChange(*place, was, will) for place, was, will in levels if was != will]


async def _left_without_sender(
    act: Acting, contracts: list[int], before: dict[Place, DocumentLevel], after: dict[Place, DocumentLevel]
) -> list[int]:
    """The running contracts on which somebody can send now, and nobody then."""
    visible = {theme.id for theme in await Theme.filter(visible=True).using_db(act.database)}
    running = await Contract.filter(id__in=contracts, ended_at=None).order_by("id").using_db(act.database)

    def senders(levels: dict[Place, DocumentLevel]) -> set[int]:
        return {
            contract
            for (_, contract, theme), level in levels.items()
            if theme in visible and level is DocumentLevel.SEND
        }

    lost = senders(before) - senders(after)
    return [contract.id for contract in running if contract.id in lost]
