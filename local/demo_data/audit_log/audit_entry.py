"""A single entry of the audit log."""

from datetime import datetime
from typing import Any, NamedTuple

from domain.models import AuditAction, AuditEntry
from domain.models.row import Row


class AuditStamp(NamedTuple):
    """When something was done, and by whom: a person by key, any other actor by name."""

    at: datetime
    actor: int | str | None


def optional_stamp(at: datetime | None, actor: int | None) -> AuditStamp | None:
    """The stamp of something that may not have happened yet."""
    return AuditStamp(at, actor) if at else None


def audit_entry(
    action: AuditAction,
    subject: Row,
    organisation_id: int | None,
    stamp: AuditStamp,
    *,
    before: Any = None,
    after: Any = None,
    reason: str | None = None,
) -> AuditEntry:
    """The entry of an action, as `ActorTransaction.record` writes it."""
    is_person = isinstance(stamp.actor, int)
    return AuditEntry(
        organisation_id=organisation_id,
        at=stamp.at,
        actor_id=stamp.actor if is_person else None,
        actor_name=None if is_person else stamp.actor,
        action=action,
        subject_type=type(subject).__name__,
        subject_id=subject.pk,
        reason=reason,
        before=before,
        after=after,
    )
