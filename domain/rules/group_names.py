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


async def same_name(act: ActorTransaction, organisation_id: int, name: str, *, other_than: int = 0) -> Group | None:
    """The group that has a name, an active one before a deleted one; None when the name is free."""
    same = Group.filter(organisation_id=organisation_id, name_key=name_key(name), archived=False)
    others = same.exclude(id=other_than).order_by("-active", "-deactivated_at")
    return await others.using_db(act.database).first()


def note_taken(
    findings: Findings,
    found: Group | None,
    given: InactiveGroupChoice | None,
    possible: Sequence[InactiveGroupChoice],
) -> None:
    """Notes a name that an active group has, or a deleted one about which no possible choice was made."""
    if found and found.active:
        findings.add(GroupNameTaken("name", name=found.name))
    elif found and given not in possible:
        refused = GroupNameInactive if InactiveGroupChoice.REACTIVATE in possible else GroupRenamedToInactive
        findings.add(refused("name", name=found.name, group=found, choices=tuple(possible)))


async def archive(act: ActorTransaction, group: Group) -> list[int]:
    """Overwritten by another group: never offered again, so that nobody stays a member; gives what ended, by key."""
    fixed = await Membership.filter(group_id=group.id, ended_at=None).order_by("id").using_db(act.database)
    ended = [membership.id for membership in fixed]
    await end_memberships(act, ended)
    await save(act, group, archived=True)
    before = {"members": sorted(membership.user_id for membership in fixed)}
    await act.record(AuditAction.GROUP_OVERWRITTEN, group, group.organisation_id, before=before)
    return ended
