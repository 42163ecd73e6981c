"""The transaction of an actor: finds what the actor may touch, changes it, and records it in the audit log.

State, audit rows and outbox rows are written together or not at all; the doorbell rings after the commit.
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
from domain.row_access import RowAccess
from domain.standing import Standing
from domain.statement_parameters import StatementParameters

_INSERT_ENTRIES: Final = """insert into audit_entry
   (organisation_id, actor_id, actor_name, action, reason, subject_type, subject_id, before, after)
  select e.organisation_id, $1::bigint, $2::text, $3::text, $4::text, e.subject_type, e.subject_id,
   e.before::jsonb, e.after::jsonb
  from {done} order by e.place"""

# The locks that the trigger `link_audit_entry` takes at the commit, in the order in which the entries were written.
_LOCK_CHAINS: Final = """select pg_advisory_xact_lock(hashtextextended('audit_link:' || chain, 0))
  from (select unnest($1::bigint[]) as chain order by chain) each"""

_RECORD: Final = _INSERT_ENTRIES.format(
    done="""unnest($5::bigint[], $6::text[], $7::bigint[], $8::text[], $9::text[])
   with ordinality e(organisation_id, subject_type, subject_id, before, after, place)"""
)

INSERT_AUDIT_ENTRIES: Final = _INSERT_ENTRIES.format(done="done e")
"""The part of a statement that writes its audit rows: see `ActorTransaction.change`."""


@dataclass
class ActorTransaction(RowAccess):
    """What a rule works with: rows that may be touched, the audit log and the outbox, in one transaction.

    Attributes:
        notification_ids: The keys of the notifications that were written.
        letter_ids: The keys of the letters that were written.
        discarded_keys: The keys of the objects in the store that no row names any more.
        audit_logs: The keys of the organisations whose audit logs were written to; 0 for the log of none.
    """

    notification_ids: list[int] = field(default_factory=list)
    letter_ids: list[int] = field(default_factory=list)
    discarded_keys: list[str] = field(default_factory=list)
    audit_logs: set[int] = field(default_factory=set)

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
        """Writes the audit row: what was done, to what, and its state before and after (JSON, no personal values)."""
        await self.record_all(action, [(subject, organisation_id, before, after)], reason=reason)

    async def record_all(
        self,
        action: AuditAction | UnlistedAction,
        entries: Sequence[tuple[Model, int | None, Any, Any]],
        *,
        reason: str | None = None,
    ) -> None:
        """Writes several audit rows at once: of each its subject, organisation, and state before and after."""
        subjects, organisations, before, after = zip(*entries, strict=True)
        values = [
            organisations,
            [type(subject).__name__ for subject in subjects],
            [subject.pk for subject in subjects],
            *([None if state is None else json_text(state) for state in states] for states in (before, after)),
        ]
        await self.change(_RECORD, action, *values, reason=reason)
        self.audit_logs.update(key or 0 for key in organisations)

    async def change(
        self,
        statement: str,
        action: AuditAction | UnlistedAction,
        *values: Any,
        reason: str | None = None,
        standing: Standing | None = None,
    ) -> list[dict[str, Any]]:
        """Makes a change and writes its audit rows by one statement; returns the rows that it selects.

        Args:
            statement: SQL that changes rows, and includes `INSERT_AUDIT_ENTRIES` after a query `done`, which gives for
                each subject `organisation_id`, `subject_type`, `subject_id`, `before`, `after` and `place`, by which
                they are ordered. $1 is the actor's key as a user; `INSERT_AUDIT_ENTRIES` uses $2, $3 and $4.
            action: What the audit log calls it.
            values: Its parameters from $5 on.
            reason: Why, if a reason was given.
            standing: The facts about the actor, where the statement names any as `:name`.
        """
        parameters = StatementParameters(self.actor.user_id, self.actor.name, action, reason, *values)
        bound = parameters.bind_facts(statement, standing) if standing else statement
        rows: list[dict[str, Any]] = await self.database.execute_query_dict(bound, parameters.values)
        self.invalidate()
        return rows

    async def notify(self, **event: Any) -> Notification:
        """Writes an event into the outbox; its fields are those of `Notification`."""
        notification = await Notification.create(**event, using_db=self.database)
        self.notification_ids.append(notification.id)
        return notification


@asynccontextmanager
async def actor_transaction(actor: Actor) -> AsyncIterator[ActorTransaction]:
    """A transaction in which an actor acts; any exception rolls it back."""
    async with in_transaction() as database:
        act = ActorTransaction(actor, database)
        yield act
        # One chain is locked at the commit; several are locked here, in their order.
        if len(act.audit_logs) > 1:
            await database.execute_query(_LOCK_CHAINS, [sorted(act.audit_logs)])
    ring(act.notification_ids, act.letter_ids)
    await discard(act.discarded_keys)


def require_version(row: Any, version: int) -> None:
    """Requires that a change was made from the row's newest version.

    Raises:
        StaleVersion: The row has changed since.
    """
    if row.version != version:
        raise StaleVersion("version", current=row, version=row.version, given=version)
