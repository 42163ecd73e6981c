"""How administrators change a group (manual 3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction, require_version
from domain.group_name import collapse_spaces, name_key
from domain.models import AuditAction, Group, Membership, MembershipKind
from domain.refusals import Findings
from domain.rules.action_release import release_lost_actions
from domain.rules.group_active import find_active_group
from domain.rules.group_change import GroupChange
from domain.rules.group_contracts import linked_contracts
from domain.rules.group_levels import ReferenceLevels, ThemeLevels, check_reference_levels, check_theme_levels
from domain.rules.group_members import add_fixed_members, check_members, end_memberships
from domain.rules.group_names import InactiveGroupChoice, archive, note_taken, same_name
from domain.rules.saving import save_next_version
from domain.text_fields import MAX_LONG_TEXT, optional_email, required_text
from domain.unchanged import UNCHANGED, Unchanged


@dataclass(frozen=True)
class ChangedGroup:
    """What is changed of a group; what is left out stays as it is.

    Attributes:
        name: Unique among the active groups of the organisation.
        description: What the group is for.
        email: Where notifications go; None empties it.
        theme_levels: Codes of themes with the document level on each; the others stay.
        reference_levels: Codes of types of contracts with the reference level for each; the others stay.
        member_user_ids: The keys of all fixed members to be.
        on_inactive: What to do about a deleted group of the new name: OVERWRITE, or None to be asked.
    """

    name: str | Unchanged = UNCHANGED
    description: str | Unchanged = UNCHANGED
    email: str | Unchanged | None = UNCHANGED
    theme_levels: ThemeLevels = ()
    reference_levels: ReferenceLevels = ()
    member_user_ids: Sequence[int | None] | Unchanged = UNCHANGED
    on_inactive: InactiveGroupChoice | None = None


async def update_group(*, actor: Actor, group_id: int | None, version: int, change: ChangedGroup) -> GroupChange:
    """Changes a group; it counts at once in every contract that the group is linked to.

    Args:
        actor: An ADMINISTRATOR of the group's organisation.
        group_id: The group's key.
        version: The version that the change was made from.
        change: What is changed. Who is a member and stays in the list remains one, even while their right has lapsed;
            whose work relation is a new one becomes one through it.

    Raises:
        NotFound: The actor sees no such group.
        Forbidden: The actor doesn't administer it.
        GroupDeleted: It was deleted.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: What is wrong with what was filled in, each with its field; a deleted group's name, too, unless
            OVERWRITE was chosen.
    """
    async with actor_transaction(actor) as act:
        return await change_group(act, group_id, version, change)


async def change_group(act: ActorTransaction, group_id: int | None, version: int, change: ChangedGroup) -> GroupChange:
    """The same inside a transaction."""
    group = await find_active_group(act, group_id)
    require_version(group, version)
    return await _Update(act, group, change).carried_out()


class _Update:
    """One change of one group: checked whole, then written."""

    def __init__(self, act: ActorTransaction, group: Group, change: ChangedGroup) -> None:
        self.act, self.group, self.change = act, group, change
        self.before: dict[str, Any] = {}
        self.after: dict[str, Any] = {}

    async def carried_out(self) -> GroupChange:
        act, group, change, findings = self.act, self.group, self.change, Findings()
        self._check_texts(findings)
        same = await self._same_name(findings)
        themes = await check_theme_levels(act, findings, change.theme_levels, group)
        references = await check_reference_levels(act, findings, change.reference_levels, group)
        leaving, joining = await self._members(findings)
        findings.raise_if_any()
        for name, levels in (("themes", themes), ("references", references)):
            self._note(name, levels.before, levels.after)
        if not self.after:
            return GroupChange(group)
        await self._save()
        await themes.save(act, group)
        await references.save(act, group)
        ended = [membership.id for membership in leaving]
        await end_memberships(act, ended)
        if same:
            ended += await archive(act, same)
        await add_fixed_members(act, group, joining)
        await act.record(AuditAction.GROUP_UPDATED, group, group.organisation_id, before=self.before, after=self.after)
        released = await release_lost_actions(act, await linked_contracts(act, group.id))
        return GroupChange(group, sorted(ended), released=released)

    def _note(self, name: str, before: Any, after: Any) -> None:
        if before != after:
            self.before[name], self.after[name] = before, after

    def _check_texts(self, findings: Findings) -> None:
        """Notes what changes of the group's own columns."""
        given, group = self.change, self.group
        if not isinstance(given.name, Unchanged):
            name = required_text(findings, given.name, "name")
            # What can't be a name isn't looked for among the others.
            if not findings.refusals:
                self._note("name", group.name, collapse_spaces(name))
        if not isinstance(given.description, Unchanged):
            text = required_text(findings, given.description, "description", maximum=MAX_LONG_TEXT, multiline=True)
            self._note("description", group.description, text)
        if not isinstance(given.email, Unchanged):
            self._note("email", group.email, optional_email(findings, given.email, "email"))

    async def _same_name(self, findings: Findings) -> Group | None:
        if "name" not in self.after:
            return None
        group = self.group
        found = await same_name(self.act, group.organisation_id, self.after["name"], other_than=group.id)
        note_taken(findings, found, self.change.on_inactive, (InactiveGroupChoice.OVERWRITE,))
        return found

    async def _members(self, findings: Findings) -> tuple[list[Membership], list[Any]]:
        """The memberships that end, and the work relations through which people become members."""
        if isinstance(self.change.member_user_ids, Unchanged):
            return [], []
        wanted, group = self.change.member_user_ids, self.group
        fixed = Membership.filter(group_id=group.id, kind=MembershipKind.FIXED, ended_at=None)
        present = {membership.user_id: membership for membership in await fixed.using_db(self.act.database)}
        joining = await check_members(self.act, findings, group.organisation_id, wanted, present)
        joined = {member.user_id for member in joining}
        self._note("members", sorted(present), sorted({*(key for key in wanted if key in present), *joined}))
        self._note("returned", [], sorted(joined & present.keys()))
        return [each for key, each in present.items() if key not in wanted or key in joined], joining

    async def _save(self) -> None:
        columns: dict[str, Any] = {
            name: self.after[name] for name in ("name", "description", "email") if name in self.after
        }
        if "name" in columns:
            columns["name_key"] = name_key(columns["name"])
        await save_next_version(self.act, self.group, **columns)
