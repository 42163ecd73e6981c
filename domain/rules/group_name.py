"""Names of groups: one active group has a name, and a deleted one may have had it (manual 3.1.1)."""

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
    """The group that has a name, an active one before a deleted one; None when the name is free."""
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
        choice: What was chosen about a deleted group.
        possible: The choices that there are; with one of them a deleted group's name is available.
    """
    if holder and holder.active:
        findings.add(GroupNameTaken("name", name=holder.name))
    elif holder and choice not in possible:
        refusal = GroupNameInactive if InactiveGroupChoice.REACTIVATE in possible else GroupRenamedToInactive
        findings.add(refusal("name", name=holder.name, group=holder, choices=tuple(possible)))


async def archive_group(act: ActorTransaction, group: Group) -> list[int]:
    """Archives a deleted group that another one overwrites: it is never offered again, so nobody stays a member.

    Returns:
        The keys of the memberships that ended.
    """
    fixed = await Membership.filter(group_id=group.id, ended_at=None).order_by("id").using_db(act.database)
    ended = [membership.id for membership in fixed]
    await end_memberships(act, ended)
    await save(act, group, archived=True)
    before = {"members": sorted(membership.user_id for membership in fixed)}
    await act.record(AuditAction.GROUP_OVERWRITTEN, group, group.organisation_id, before=before)
    return ended
