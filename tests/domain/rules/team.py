"""A group linked to a contract, with a member who has an action assigned there."""

from dataclasses import dataclass
from typing import Any

from domain.models import Action, Contract, DocumentLevel, Group, GroupLink, WorkRelation
from domain.rules.group_deletion import delete_group
from domain.rules.group_update import GroupUpdate, update_group
from tests import rows
from tests.access_cast import Cast


@dataclass(frozen=True)
class Team:
    """A group with SEND, its contract and link, its member, and the action assigned to the member."""

    cast: Cast
    group: Group
    contract: Contract
    link: GroupLink
    member: WorkRelation
    action: Action

    async def update(self, actor: str = "admin", version: int | None = None, **change: Any) -> Group:
        """Changes the group from its newest version, unless another is named."""
        newest = (await Group.get(id=self.group.id)).version
        changed = await update_group(
            actor=self.cast.actors[actor],
            group_id=self.group.id,
            version=newest if version is None else version,
            update=GroupUpdate(**change),
        )
        return changed.group

    async def delete(self, actor: str = "admin", version: int | None = None) -> Group:
        """Deletes the group from its newest version, unless another is named."""
        newest = (await Group.get(id=self.group.id)).version
        deleted = await delete_group(
            actor=self.cast.actors[actor], group_id=self.group.id, version=newest if version is None else version
        )
        return deleted.group


async def a_team(cast: Cast) -> Team:
    """A group of the cast's organisation."""
    group = await rows.a_group(
        cast.organisation, "Ploeg Noord", levels={"INVOICING": DocumentLevel.SEND}, email="noord@aannemer.example"
    )
    contract = await rows.a_contract(cast.organisation)
    link = await rows.a_link(contract, group)
    member = cast.relations["user"]
    await rows.a_membership(group, member)
    action = await rows.an_action(contract, assignee=cast.people["user"])
    return Team(cast, group, contract, link, member, action)
