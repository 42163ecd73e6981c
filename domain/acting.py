"""One act: a transaction in which somebody finds what they may touch, changes it, and leaves a trace.

State, audit row and outbox row are written together or not at all; the doorbell rings when they are committed.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeVar

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model
from tortoise.transactions import in_transaction

from domain.actor import Actor
from domain.clock import brussels_today
from domain.doorbell import ring
from domain.files.object_store import discard
from domain.json_text import json_text
from domain.locking import instance, one_lock, turn_and_lock
from domain.models import Notification
from domain.policies.abilities import POLICIES, Ability
from domain.predicate import Predicate
from domain.refusals import Forbidden, NotFound, StaleVersion
from domain.standing import Standing
from domain.statement_values import Values
from domain.where import facts_and

Found = TypeVar("Found", bound=Model)

_WRITTEN: Final = """insert into audit_entry
   (organisation_id, actor_id, actor_name, action, reason, subject_type, subject_id, before, after)
  select e.organisation_id, $1::bigint, $2::text, $3::text, $4::text, e.subject_type, e.subject_id,
   e.before::jsonb, e.after::jsonb
  from {done} order by e.place"""

_RECORD: Final = _WRITTEN.format(
    done="""unnest($5::bigint[], $6::text[], $7::bigint[], $8::text[], $9::text[])
   with ordinality e(organisation_id, subject_type, subject_id, before, after, place)"""
)

RECORDED: Final = _WRITTEN.format(done="done e")
"""The part of a statement that writes the audit rows of what the statement does: see `Acting.change`."""


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
    _foreseen: dict[tuple[Ability, type[Model], int], bool] = field(default_factory=dict)

    async def find(
        self,
        model: type[Found],
        key: int | None,
        visible: Predicate,
        *path: str | int,
        then: Ability | None = None,
        in_turn: bool = False,
    ) -> Found:
        """The row with a key, locked until the end, if the actor may see it.

        Args:
            model: What it is.
            key: Its key.
            visible: The condition on which the actor sees it.
            path: Where in the input the key stands.
            then: What the rule is going to `require` of it: asked in the same statement.
            in_turn: Whether the organisation's other changes to groups, links and members are waited for first.

        Raises:
            NotFound: There is none, or not for this actor.
        """
        found = await self.seek(model, key, visible, then=then, in_turn=in_turn)
        if found is None:
            raise NotFound(*path)
        return found

    async def seek(
        self,
        model: type[Found],
        key: int | None,
        visible: Predicate,
        *,
        then: Ability | None = None,
        in_turn: bool = False,
    ) -> Found | None:
        """The same, or None: for a rule that has to hold the row before another one of which it asks more."""
        lock = turn_and_lock if in_turn else one_lock
        asked = [visible] if then is None else [visible, POLICIES[model][then]]
        rows, held = await self._lock_and_ask(lock(model, wait=False), model, key or 0, asked)
        # Another act has it, for which those alone wait who may see it: others would learn that it is there.
        if held[0] and not rows:
            rows, held = await self._lock_and_ask(lock(model, wait=True), model, key or 0, asked)
        if not held[0]:
            return None
        found = instance(model, rows[0])
        if then is not None:
            self._foreseen = {(then, model, found.pk): held[1]}
        return found

    async def _lock_and_ask(
        self, lock: str, model: type[Model], key: int, asked: Sequence[Predicate]
    ) -> tuple[list[dict[str, Any]], list[bool]]:
        """The row if it could be locked, and which of the conditions are true of it.

        They are asked last, since what the actor may do is to count from when nobody else can change the row; and where
        there is no such row, too: to be answered sooner would tell it from one that isn't the actor's to see.
        """
        rows = await self.database.execute_query_dict(lock, [key])
        self.look_again()
        return rows, await self._ask(model, key, *asked)

    async def require(self, ability: Ability, row: Model) -> None:
        """Goes on only if the actor may do this with the row.

        Raises:
            Forbidden: The actor may not.
        """
        # What was asked with the lock counts once: the row may be changed from here on.
        held = self._foreseen.pop((ability, type(row), row.pk), None)
        if held is None:
            held = await self.holds(POLICIES[type(row)][ability], row)
        if not held:
            raise Forbidden

    async def standing(self) -> Standing:
        """The facts about the actor as of the last lock or change of this transaction."""
        if self._standing is None:
            self._standing = await Standing.of(self.actor, self.database)
        return self._standing

    def look_again(self) -> None:
        """Has the facts about the actor be asked anew: a lock was waited for, or something was changed."""
        self._standing = None
        self._foreseen = {}

    async def moment(self) -> datetime:
        """This very moment by the database's clock, in UTC; later than anything that was locked was opened."""
        rows = await self.database.execute_query_dict("select clock_timestamp() as moment")
        moment: datetime = rows[0]["moment"]
        return moment

    async def today(self) -> date:
        """Today in Brussels, by the database's clock."""
        return await brussels_today(self.database)

    async def holds(self, condition: Predicate, row: Model) -> bool:
        """Is the condition true of the row, by the database's clock?"""
        return (await self._ask(type(row), row.pk, condition))[0]

    async def _ask(self, model: type[Model], key: int, *conditions: Predicate) -> list[bool]:
        """Which of the conditions are true of the row with a key; the facts about the actor are of the same moment."""
        answer = await self.database.execute_query_dict(facts_and(model, conditions), [*self.actor.keys, key])
        held = answer[0]["held"]
        self._standing = Standing.told(answer[0])
        return [bool(each) for each in held] if held else [False] * len(conditions)

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
        await self.record_all(action, [(subject, organisation_id, before, after)], reason=reason)

    async def record_all(
        self, action: str, done: Sequence[tuple[Model, int | None, Any, Any]], *, reason: str | None = None
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

    async def change(
        self, statement: str, action: str, *values: Any, reason: str | None = None, facts: Standing | None = None
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
    ring(act.notified, act.lettered)
    await discard(act.dropped)


def require_version(row: Any, given: int) -> None:
    """Goes on only if a change was made from the row's newest version.

    Raises:
        StaleVersion: The row has changed since.
    """
    if row.version != given:
        raise StaleVersion("version", current=row, version=row.version, given=given)
