"""One act: a transaction in which somebody finds what they may touch, changes it, and leaves a trace.

State, audit row and outbox row are written together or not at all; the doorbell rings when they are committed.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model
from tortoise.transactions import in_transaction

from domain.actor import Actor
from domain.models import AuditEntry, Notification
from domain.object_store import discard
from domain.outbox import ring
from domain.policies.abilities import POLICIES, Ability
from domain.predicate import Predicate
from domain.refusals import Forbidden, NotFound, StaleVersion
from domain.standing import Standing, Values

Found = TypeVar("Found", bound=Model)


@dataclass
class Acting:
    """What a rule works with inside its transaction.

    Attributes:
        actor: Who acts.
        database: The transaction's connection.
        notified: The keys of the notifications that were written.
        lettered: The keys of the letters that were written.
        dropped: The keys of the objects in the store that no row names any more.
    """

    actor: Actor
    database: BaseDBAsyncClient
    notified: list[int] = field(default_factory=list)
    lettered: list[int] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    _standing: Standing | None = None

    async def find(self, model: type[Found], key: int | None, visible: Predicate, *path: str | int) -> Found:
        """The row with a key, locked until the end, if the actor may see it.

        Raises:
            NotFound: There is none, or not for this actor.
        """
        # Others may go on to write rows that refer to it (`no_key`): else two acts that each hold what the other's
        # audit row names would wait for each other forever.
        found = await model.filter(id=key or 0).using_db(self.database).select_for_update(no_key=True).first()
        # Asked only now: what the actor may do is to count from when nobody else can change the row.
        self.look_again()
        if found is None or not await self.holds(visible, found):
            raise NotFound(*path)
        return found

    async def require(self, ability: Ability, row: Model) -> None:
        """Goes on only if the actor may do this with the row.

        Raises:
            Forbidden: The actor may not.
        """
        if not await self.holds(POLICIES[type(row)][ability], row):
            raise Forbidden

    async def standing(self) -> Standing:
        """The facts about the actor as of the last lock or change of this transaction."""
        if self._standing is None:
            self._standing = await Standing.of(self.actor, self.database)
        return self._standing

    def look_again(self) -> None:
        """Has the facts about the actor be asked anew: a lock was waited for, or something was changed."""
        self._standing = None

    async def moment(self) -> datetime:
        """This very moment by the database's clock, in UTC; later than anything that was locked was opened."""
        rows = await self.database.execute_query_dict("select clock_timestamp() as moment")
        moment: datetime = rows[0]["moment"]
        return moment

    async def today(self) -> date:
        """Today in Brussels, by the database's clock."""
        today: date = (await self.database.execute_query_dict("select brussels_today() as today"))[0]["today"]
        return today

    async def holds(self, condition: Predicate, row: Model) -> bool:
        """Is the condition true of the row, by the database's clock?"""
        values = Values(row.pk)
        text = f'select {condition.on("t")} as held from "{row._meta.db_table}" t where t.id = $1::bigint'
        bound = values.bind(text, await self.standing())
        answer = await self.database.execute_query_dict(bound, values.list)
        return bool(answer and answer[0]["held"])

    async def record(
        self,
        action: str,
        subject: Model,
        organisation_id: int | None,
        *,
        before: Any = None,
        after: Any = None,
        reason: str | None = None,
    ) -> None:
        """Writes the audit row: what was done, to what, and how it was before and after (JSON, no personal values)."""
        entry = self._entry(action, subject, organisation_id, before=before, after=after, reason=reason)
        await entry.save(using_db=self.database)
        self.look_again()

    async def record_all(
        self, action: str, done: Iterable[tuple[Model, int | None, Any]], *, reason: str | None = None
    ) -> None:
        """Writes an audit row for each subject of one act, with its organisation and how it was before, at once."""
        entries = [
            self._entry(action, subject, organisation_id, before=before, reason=reason)
            for subject, organisation_id, before in done
        ]
        await AuditEntry.bulk_create(entries, using_db=self.database)
        self.look_again()

    def _entry(self, action: str, subject: Model, organisation_id: int | None, **told: Any) -> AuditEntry:
        return AuditEntry(
            organisation_id=organisation_id,
            actor_id=self.actor.user_id,
            actor_name=self.actor.name,
            action=action,
            subject_type=type(subject).__name__,
            subject_id=subject.pk,
            **told,
        )

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
    ring(act.notified, act.lettered)
    await discard(act.dropped)


def require_version(row: Any, given: int) -> None:
    """Goes on only if a change was made from the row's newest version.

    Raises:
        StaleVersion: The row has changed since.
    """
    if row.version != given:
        raise StaleVersion("version", current=row, version=row.version, given=given)
