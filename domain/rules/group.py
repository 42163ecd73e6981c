"""Groups created or reactivated by administrators (manual 3.1)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.group_name import collapse_spaces, name_key
from domain.models import AuditAction, Group, Organisation
from domain.policies.abilities import Ability
from domain.refusals import Findings
from domain.rules.group_change import GroupChange
from domain.rules.group_levels import ReferenceLevels, ThemeLevels, check_reference_levels, check_theme_levels
from domain.rules.group_members import add_fixed_members, check_members
from domain.rules.group_name import InactiveGroupChoice, archive_group, check_name_available, find_group_named
from domain.rules.saving import save_next_version
from domain.text_fields import MAX_LONG_TEXT, optional_email, required_text


@dataclass(frozen=True)
class NewGroup:
    """The data of a new group.

    Attributes:
        name: Unique among the active groups of the organisation.
        description: What the group is for.
        email: The address for notifications, or None.
        theme_levels: Codes of visible themes with the document level on each; the others get none.
        reference_levels: Codes of types of contracts with the reference level for each; the others get READ.
        member_user_ids: The keys of the fixed members.
        on_inactive: What to do about a deleted group of the same name; None asks.
    """

    name: str
    description: str
    email: str | None = None
    theme_levels: ThemeLevels = ()
    reference_levels: ReferenceLevels = ()
    member_user_ids: Sequence[int | None] = field(default=())
    on_inactive: InactiveGroupChoice | None = None


async def create_group(*, actor: Actor, organisation_id: int | None, new: NewGroup) -> GroupChange:
    """Creates a group, or reactivates the deleted group of that name as it was.

    Args:
        actor: An ADMINISTRATOR of the organisation.
        organisation_id: The organisation's key.
        new: The group's data.

    Raises:
        NotFound: The actor sees no such organisation.
        Forbidden: The actor doesn't administer it.
        Refusals: One for each field that is wrong; also for the name of a deleted group, if no choice was made.
    """
    async with actor_transaction(actor) as act:
        organisation = await act.find(
            Organisation,
            organisation_id,
            visibility.organisation,
            "organisationId",
            prefetch=Ability.ADMINISTER,
            lock_organisation=True,
        )
        await act.require(Ability.ADMINISTER, organisation)
        findings = Findings()
        holder = await _check_name(act, findings, organisation, new)
        if holder and not holder.active and new.on_inactive is InactiveGroupChoice.REACTIVATE:
            return GroupChange(await _reactivate(act, holder))
        group = await _create(act, findings, organisation, new)
        return GroupChange(group, await archive_group(act, holder) if holder else [])


async def _check_name(
    act: ActorTransaction, findings: Findings, organisation: Organisation, new: NewGroup
) -> Group | None:
    """The group that already has the name; refusals are added to `findings`."""
    name = required_text(findings, new.name, "name")
    # No group has an invalid name.
    if findings.refusals:
        return None
    holder = await find_group_named(act, organisation.id, name)
    check_name_available(findings, holder, new.on_inactive, tuple(InactiveGroupChoice))
    return holder


async def _create(act: ActorTransaction, findings: Findings, organisation: Organisation, new: NewGroup) -> Group:
    """Creates the group, unless there are findings."""
    name = collapse_spaces(new.name)
    description = required_text(findings, new.description, "description", maximum=MAX_LONG_TEXT, multiline=True)
    email = optional_email(findings, new.email, "email")
    themes = await check_theme_levels(act, findings, new.theme_levels)
    references = await check_reference_levels(act, findings, new.reference_levels)
    members = await check_members(act, findings, organisation.id, new.member_user_ids)
    findings.raise_if_any()
    group = await Group.create(
        organisation_id=organisation.id,
        name=name,
        name_key=name_key(name),
        description=description,
        email=email,
        using_db=act.database,
    )
    await themes.save(act, group)
    await references.save(act, group)
    await add_fixed_members(act, group, members)
    after = {
        "name": name,
        "themes": themes.after,
        "references": references.after,
        "members": [member.user_id for member in members],
    }
    await act.record(AuditAction.GROUP_CREATED, group, organisation.id, after=after)
    return group


async def _reactivate(act: ActorTransaction, group: Group) -> Group:
    """Makes the group active as it was, without its links to contracts."""
    await save_next_version(act, group, active=True, deactivated_at=None)
    await act.record(AuditAction.GROUP_REACTIVATED, group, group.organisation_id)
    return group
