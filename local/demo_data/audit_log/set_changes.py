"""The changes of a set over time: roles of a right, groups of a contract, members of a group."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from domain.models import AuditAction, AuditEntry
from domain.models.row import Row
from local.demo_data.audit_log.audit_entry import AuditStamp, audit_entry


class SetMember(NamedTuple):
    """A member of a set, when and by whom it was added, and, if it was, removed."""

    value: Any
    added: AuditStamp
    removed: AuditStamp | None = None


class SetChange(NamedTuple):
    """The members of a set before and after a change, sorted."""

    stamp: AuditStamp
    before: list[Any]
    after: list[Any]


def set_changes(members: Iterable[SetMember]) -> list[SetChange]:
    """The changes of a set, oldest first; members added or removed at the same time are one change."""
    all_members = list(members)
    stamps = {stamp.at: stamp for member in all_members for stamp in (member.added, member.removed) if stamp}
    changes, before = list[SetChange](), set[Any]()
    for at, stamp in sorted(stamps.items()):
        removed = {member.value for member in all_members if member.removed and member.removed.at == at}
        added = {member.value for member in all_members if member.added.at == at}
        after = (before - removed) | added
        changes.append(SetChange(stamp, sorted(before), sorted(after)))
        before = after
    return changes


def set_change_entries(
    action: AuditAction, subject: Row, organisation_id: int | None, field: str, changes: Iterable[SetChange]
) -> list[AuditEntry]:
    """An entry for each change of a set; `field` is the set's name in the entries."""
    return [
        audit_entry(
            action, subject, organisation_id, change.stamp, before={field: change.before}, after={field: change.after}
        )
        for change in changes
    ]
