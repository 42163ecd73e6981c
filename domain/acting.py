"""One act: a transaction in which somebody finds what they may touch, changes it, and leaves a trace.

State, audit row and outbox row are written together or not at all; the doorbell rings when they are committed.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from tortoise.models import Model
from tortoise.transactions import in_transaction

from domain.actor import Actor
from domain.doorbell import ring
from domain.files.object_store import discard
from domain.json_text import json_text
from domain.models import AuditAction, Notification, UnlistedAction
from domain.refusals import StaleVersion
from domain.seeking import Seeking
from domain.standing import Standing
from domain.statement_values import Values

_WRITTEN: Final = """insert into audit_entry
   (organisation_id, actor_id, actor_name, action, reason, subject_type, subject_id, before, after)
  select e.organisation_id, $1::bigint, $2::text, $3::text, $4::text, e.subject_type, e.subject_id,
   e.before::jsonb, e.after::jsonb
  from {done} order by e.place"""

# As `link_audit_entry` does at the commit, where entries come in the order in which they were written.
_CHAINS: Final = """select pg_advisory_xact_lock(hashtextextended('audit_link:' || chain, 0))
  from (select unnest($1::bigint[]) as chain order by chain) each"""

_RECORD: Final = _WRITTEN.format(
    done="""unnest($5::bigint[], $6::text[], $7::bigint[], $8::text[], $9::text[])
   with ordinality e(organisation_id, subject_type, subject_id, before, after, place)"""
)

RECORDED: Final = _WRITTEN.format(done="done e")
"""The part of a statement that writes the audit rows of what the statement does: see `Acting.change`."""


@dataclass
class Acting(Seeking):
    """What a rule works with inside its transaction: it finds what may be touched, and changes it.

    Attributes:
        notified: The keys of the notifications that were written.
        lettered: The keys of the letters that were written.
        dropped: The keys of the objects in the store that no row names any more.
        logs: The keys of the organisations in whose audit log something was written; 0 for the log of none.
    """

    notified: list[int] = field(default_factory=list)
    lettered: list[int] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    logs: set[int] = field(default_factory=set)

    async def record(
        self,
        action: AuditAction | UnlistedAction,
        subject: Model,
        organisation_id: int | None,
        *,
        before: Any = None,
        after: Any = None,
        reason: str | None = None,
    ) -> None:
        """Writes the audit row: what was done, to what, and how it was before and after (JSON, no personal values)."""
        await self.record_all(action, [(subject, organisation_id, before, after)], reason=reason)

    async def record_all(
        self,
        action: AuditAction | UnlistedAction,
        done: Sequence[tuple[Model, int | None, Any, Any]],
        *,
        reason: str | None = None,
    ) -> None:
        """Writes the audit rows of one act at once: for each its subject, organisation, and how it was and became."""
        subjects, organisations, before, after = zip(*done, strict=True)
        values = [
            organisations,
            [type(subject).__name__ for subject in subjects],
            [subject.pk for subject in subjects],
            *([None if told is None else json_text(told) for told in told_of_all] for told_of_all in (before, after)),
        ]
        await self.change(_RECORD, action, *values, reason=reason)
        self.logs.update(key or 0 for key in organisations)

    async def change(
        self,
        statement: str,
        action: AuditAction | UnlistedAction,
        *values: Any,
        reason: str | None = None,
        facts: Standing | None = None,
    ) -> list[dict[str, Any]]:
        """Makes a change and writes its audit rows, by one statement; gives the rows that it selects.

        Args:
            statement: SQL that changes rows, and has `RECORDED` write what its query `done` tells: for each subject
                `organisation_id`, `subject_type`, `subject_id`, `before`, `after` and `place`, by which they are
                ordered. $1 is the actor's key as a user; $2, $3 and $4 are what `RECORDED` needs.
            action: What the audit log calls it.
            values: Of its parameters from $5 on.
            reason: Why, if it was said.
            facts: The facts about the actor, where it names any as `:name`.
        """
        given = Values(self.actor.user_id, self.actor.name, action, reason, *values)
        bound = given.bind(statement, facts) if facts else statement
        rows: list[dict[str, Any]] = await self.database.execute_query_dict(bound, given.list)
        self.look_again()
        return rows

    async def notify(self, **event: Any) -> Notification:
        """Writes an event into the outbox; its fields are those of `Notification`."""
        notification = await Notification.create(**event, using_db=self.database)
        self.notified.append(notification.id)
        return notification


@asynccontextmanager
async def acting(actor: Actor) -> AsyncIterator[Acting]:
    """A transaction in which an actor acts; whatever is raised in it undoes all of it."""
    async with in_transaction() as database:
        act = Acting(actor, database)
        yield act
        # One's own waits for its place at the commit; of several, all are waited for in an order.
        if len(act.logs) > 1:
            await database.execute_query(_CHAINS, [sorted(act.logs)])
    ring(act.notified, act.lettered)
    await discard(act.dropped)


def require_version(row: Any, given: int) -> None:
    """Goes on only if a change was made from the row's newest version.

    Raises:
        StaleVersion: The row has changed since.
    """
    if row.version != given:
        raise StaleVersion("version", current=row, version=row.version, given=given)
