"""What a rule finds: rows that somebody may touch, held until their act ends, and what is true of them by then."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from domain.actor import Actor
from domain.clock import brussels_today
from domain.locking import instance, lock_of_person, one_lock, turn_and_lock
from domain.policies.abilities import POLICIES, Ability
from domain.predicate import Predicate
from domain.refusals import Forbidden, NotFound
from domain.standing import Standing
from domain.where import facts_and

Found = TypeVar("Found", bound=Model)


@dataclass
class Seeking:
    """Somebody who finds, locks and asks inside a transaction.

    Attributes:
        actor: Who acts.
        database: The transaction's connection.
    """

    actor: Actor
    database: BaseDBAsyncClient
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
            await self._wait_for_person(model, key or 0)
            rows, held = await self._lock_and_ask(lock(model, wait=True), model, key or 0, asked)
        if not held[0]:
            return None
        found = instance(model, rows[0])
        if then is not None:
            self._foreseen = {(then, model, found.pk): held[1]}
        return found

    async def _wait_for_person(self, model: type[Model], key: int) -> None:
        """Waits for whoever has the person whose the row is, and holds nobody: they may be making it somebody else's.

        The person is found when a statement begins, so that a lock that waits for one would be of who it was.
        """
        if lock := lock_of_person(model):
            await self.database.execute_query("savepoint waiting")
            await self.database.execute_query(lock, [key])
            await self.database.execute_query("rollback to savepoint waiting")

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
        self._standing = Standing.from_row(answer[0])
        return [bool(each) for each in held] if held else [False] * len(conditions)
