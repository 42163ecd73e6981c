"""One entry of the audit log, and what changes in a set that its members join and leave."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from domain.models import AuditAction, AuditEntry
from domain.models.row import Row


class Done(NamedTuple):
    """Who did something when: a person by key, or by name who is none."""

    at: datetime
    by: int | str | None


class Span(NamedTuple):
    """A member of a set, who made it one, and how that ended, if it did."""

    member: Any
    joined: Done
    left: Done | None = None


class Step(NamedTuple):
    """What a set was before an act, and is after it."""

    done: Done
    before: list[Any]
    after: list[Any]


def entry(
    action: AuditAction,
    subject: Row,
    organisation_id: int | None,
    done: Done,
    *,
    before: Any = None,
    after: Any = None,
    reason: str | None = None,
) -> AuditEntry:
    """The entry of an act, as `ActorTransaction.record` writes it."""
    by_person = isinstance(done.by, int)
    return AuditEntry(
        organisation_id=organisation_id,
        at=done.at,
        actor_id=done.by if by_person else None,
        actor_name=None if by_person else done.by,
        action=action,
        subject_type=type(subject).__name__,
        subject_id=subject.pk,
        reason=reason,
        before=before,
        after=after,
    )


def ended(at: datetime | None, by: int | None) -> Done | None:
    """How something ended, if it did."""
    return Done(at, by) if at else None


def steps(spans: Iterable[Span]) -> list[Step]:
    """What changed in a set from one moment to the next, the oldest first; what is done at one moment is one act."""
    known = list(spans)
    moments = {done.at: done for span in known for done in (span.joined, span.left) if done}
    found, members = list[Step](), set[Any]()
    for at, done in sorted(moments.items()):
        leaving = {span.member for span in known if span.left and span.left.at == at}
        joining = {span.member for span in known if span.joined.at == at}
        became = (members - leaving) | joining
        found.append(Step(done, sorted(members), sorted(became)))
        members = became
    return found


def entries_of(
    action: AuditAction, subject: Row, organisation_id: int | None, name: str, changes: Iterable[Step]
) -> list[AuditEntry]:
    """The entries of the acts that changed a set, which they call by that name."""
    return [
        entry(action, subject, organisation_id, step.done, before={name: step.before}, after={name: step.after})
        for step in changes
    ]
