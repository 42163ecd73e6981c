"""Names of groups, which are unique among the active ones and may be those of deleted ones (manual 3.1.1)."""

from collections.abc import Sequence
from enum import StrEnum

from domain.actor_transaction import ActorTransaction
from domain.group_name import name_key
from domain.models import AuditAction, Group, Membership
from domain.refusals import Findings, GroupNameInactive, GroupNameTaken, GroupRenamedToInactive
from domain.rules.group_members import end_memberships
from domain.rules.saving import save


class InactiveGroupChoice(StrEnum):
    """What to do about a deleted group of the same name (manual 3.1.1): Overschrijven or Activeren."""

    OVERWRITE = "OVERWRITE"
    REACTIVATE = "REACTIVATE"


async def find_group_named(
    act: ActorTransaction, organisation_id: int, name: str, *, excluded_id: int = 0
) -> Group | None:
    """The group that has a name, preferably an active one, otherwise a deleted one; None when the name is free."""
    same_name = Group.filter(organisation_id=organisation_id, name_key=name_key(name), archived=False)
    ordered = same_name.exclude(id=excluded_id).order_by("-active", "-deactivated_at")
    return await ordered.using_db(act.database).first()


def check_name_available(
    findings: Findings,
    holder: Group | None,
    choice: InactiveGroupChoice | None,
    possible: Sequence[InactiveGroupChoice],
) -> None:
    """Adds a refusal to `findings` when the name is taken.

    Args:
        findings: Where the refusal is added.
        holder: The group that has the name.
        choice: The choice that was made about a deleted group.
        possible: The allowed choices; with one of them the name of a deleted group is available.
    """
    if holder and holder.active:
        findings.add(GroupNameTaken("name", name=holder.name))
    elif holder and choice not in possible:
        refusal = GroupNameInactive if InactiveGroupChoice.REACTIVATE in possible else GroupRenamedToInactive
        findings.add(refusal("name", name=holder.name, group=holder, choices=tuple(possible)))


async def archive_group(act: ActorTransaction, group: Group) -> list[int]:
    """Archives a deleted group that another one overwrites: its memberships end, and it is never offered again.

    Returns:
        The keys of the memberships that ended.
    """
    memberships = await Membership.filter(group_id=group.id, ended_at=None).order_by("id").using_db(act.database)
    membership_ids = [membership.id for membership in memberships]
    await end_memberships(act, membership_ids)
    await save(act, group, archived=True)
    before = {"members": sorted(membership.user_id for membership in memberships)}
    await act.record(AuditAction.GROUP_OVERWRITTEN, group, group.organisation_id, before=before)
    return membership_ids
