"""Groups changed by administrators (manual 3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction, require_version
from domain.group_name import collapse_spaces, name_key
from domain.models import AuditAction, Group, Membership, MembershipKind, WorkRelation
from domain.refusals import Findings
from domain.rules.action_release import release_lost_actions
from domain.rules.active_group import find_active_group
from domain.rules.group_change import GroupChange
from domain.rules.group_levels import ReferenceLevels, ThemeLevels, check_reference_levels, check_theme_levels
from domain.rules.group_members import add_fixed_members, check_members, end_memberships
from domain.rules.group_name import InactiveGroupChoice, archive_group, check_name_available, find_group_named
from domain.rules.linked_contracts import linked_contract_ids
from domain.rules.saving import save_next_version
from domain.text_fields import MAX_LONG_TEXT, optional_email, required_text
from domain.unchanged import UNCHANGED, Unchanged


@dataclass(frozen=True)
class GroupUpdate:
    """An update of a group; `UNCHANGED` fields stay as they are.

    Attributes:
        name: Unique among the active groups of the organisation.
        description: What the group is for.
        email: The address for notifications; None empties it.
        theme_levels: Codes of themes with the document level on each; other levels stay.
        reference_levels: Codes of types of contracts with the reference level for each; other levels stay.
        member_user_ids: The keys of all fixed members.
        on_inactive: What to do about a deleted group with the new name: OVERWRITE, or None to be asked.
    """

    name: str | Unchanged = UNCHANGED
    description: str | Unchanged = UNCHANGED
    email: str | Unchanged | None = UNCHANGED
    theme_levels: ThemeLevels = ()
    reference_levels: ReferenceLevels = ()
    member_user_ids: Sequence[int | None] | Unchanged = UNCHANGED
    on_inactive: InactiveGroupChoice | None = None


async def update_group(*, actor: Actor, group_id: int | None, version: int, update: GroupUpdate) -> GroupChange:
    """Changes a group, with immediate effect in every contract that it is linked to.

    Args:
        actor: An ADMINISTRATOR of the group's organisation.
        group_id: The group's key.
        version: The version that the change was made from.
        update: The new values. Current members may be selected even if their right has lapsed; with a new work relation
            they become members through that.

    Raises:
        NotFound: The actor sees no such group.
        Forbidden: The actor doesn't administer it.
        GroupDeleted: It was deleted.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: One for each field that is wrong; also for the name of a deleted group, unless OVERWRITE was chosen.
    """
    async with actor_transaction(actor) as act:
        return await change_group(act, group_id, version, update)


async def change_group(act: ActorTransaction, group_id: int | None, version: int, update: GroupUpdate) -> GroupChange:
    """The same inside a transaction."""
    group = await find_active_group(act, group_id)
    require_version(group, version)
    return await _GroupUpdater(act, group, update).run()


class _GroupUpdater:
    """Checks one update of one group as a whole, then writes it.

    Attributes:
        before: The former values of what changes, by the names in the audit log.
        after: The new values, likewise.
    """

    def __init__(self, act: ActorTransaction, group: Group, update: GroupUpdate) -> None:
        self.act, self.group, self.update = act, group, update
        self.before: dict[str, Any] = {}
        self.after: dict[str, Any] = {}

    async def run(self) -> GroupChange:
        """Makes the change."""
        act, group, update, findings = self.act, self.group, self.update, Findings()
        self._check_texts(findings)
        overwritten = await self._check_name_available(findings)
        themes = await check_theme_levels(act, findings, update.theme_levels, group)
        references = await check_reference_levels(act, findings, update.reference_levels, group)
        ending, joining = await self._check_members(findings)
        findings.raise_if_any()
        self._add_change("themes", themes.before, themes.after)
        self._add_change("references", references.before, references.after)
        if not self.after:
            return GroupChange(group)
        await self._save_columns()
        await themes.save(act, group)
        await references.save(act, group)
        await end_memberships(act, ending)
        archived = await archive_group(act, overwritten) if overwritten else []
        await add_fixed_members(act, group, joining)
        await act.record(AuditAction.GROUP_UPDATED, group, group.organisation_id, before=self.before, after=self.after)
        released = await release_lost_actions(act, await linked_contract_ids(act, group.id))
        return GroupChange(group, sorted(ending + archived), released_action_ids=released)

    def _add_change(self, name: str, before: Any, after: Any) -> None:
        if before != after:
            self.before[name], self.after[name] = before, after

    def _check_texts(self, findings: Findings) -> None:
        """Checks the texts, and adds those that change."""
        update, group = self.update, self.group
        if not isinstance(update.name, Unchanged):
            name = required_text(findings, update.name, "name")
            # No group has an invalid name.
            if not findings.refusals:
                self._add_change("name", group.name, collapse_spaces(name))
        if not isinstance(update.description, Unchanged):
            text = required_text(findings, update.description, "description", maximum=MAX_LONG_TEXT, multiline=True)
            self._add_change("description", group.description, text)
        if not isinstance(update.email, Unchanged):
            self._add_change("email", group.email, optional_email(findings, update.email, "email"))

    async def _check_name_available(self, findings: Findings) -> Group | None:
        """The deleted group that has the new name, and is overwritten if there are no findings."""
        if "name" not in self.after:
            return None
        group = self.group
        holder = await find_group_named(self.act, group.organisation_id, self.after["name"], excluded_id=group.id)
        check_name_available(findings, holder, self.update.on_inactive, (InactiveGroupChoice.OVERWRITE,))
        return holder

    async def _check_members(self, findings: Findings) -> tuple[list[int], list[WorkRelation]]:
        """The keys of the memberships that end, and the work relations through which people become members."""
        if isinstance(self.update.member_user_ids, Unchanged):
            return [], []
        user_ids, group = self.update.member_user_ids, self.group
        fixed = Membership.filter(group_id=group.id, kind=MembershipKind.FIXED, ended_at=None)
        current = {membership.user_id: membership for membership in await fixed.using_db(self.act.database)}
        joining = await check_members(self.act, findings, group.organisation_id, user_ids, current)
        joining_ids = {relation.user_id for relation in joining}
        member_ids = {*(key for key in user_ids if key in current), *joining_ids}
        self._add_change("members", sorted(current), sorted(member_ids))
        self._add_change("returned", [], sorted(joining_ids & current.keys()))
        return [each.id for key, each in current.items() if key not in user_ids or key in joining_ids], joining

    async def _save_columns(self) -> None:
        columns: dict[str, Any] = {
            name: self.after[name] for name in ("name", "description", "email") if name in self.after
        }
        if "name" in columns:
            columns["name_key"] = name_key(columns["name"])
        await save_next_version(self.act, self.group, **columns)
