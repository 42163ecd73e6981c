"""The rows that an actor may touch: found, locked and checked inside a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from domain.actor import Actor
from domain.clock import brussels_today
from domain.locking import lock_organisation_and_row, lock_person_of, lock_row, model_instance
from domain.policies.abilities import POLICIES, Ability
from domain.predicate import Predicate
from domain.refusals import Forbidden, NotFound, PersonRequired
from domain.standing import Standing
from domain.where import standing_and_conditions

ModelT = TypeVar("ModelT", bound=Model)


@dataclass
class RowAccess:
    """Finds and locks rows for an actor, and checks what the actor may do with them.

    Attributes:
        actor: Who acts.
        database: The transaction's connection.
    """

    actor: Actor
    database: BaseDBAsyncClient
    _standing: Standing | None = None
    _prefetched: dict[tuple[Ability, type[Model], int], bool] = field(default_factory=dict)

    async def find(
        self,
        model: type[ModelT],
        key: int | None,
        visible: Predicate,
        *path: str | int,
        prefetch: Ability | None = None,
        lock_organisation: bool = False,
    ) -> ModelT:
        """The row with a key, locked until the transaction ends, if the actor may see it.

        Args:
            model: What it is.
            key: Its key.
            visible: The condition on which the actor sees it.
            path: The input field of the key.
            prefetch: The ability that the rule is going to `require`, which is checked by the same statement.
            lock_organisation: Whether to lock the organisation first against other changes to groups, links and
                members.

        Raises:
            NotFound: There is none, or not for this actor.
        """
        row = await self.find_or_none(model, key, visible, prefetch=prefetch, lock_organisation=lock_organisation)
        if row is None:
            raise NotFound(*path)
        return row

    async def find_or_none(
        self,
        model: type[ModelT],
        key: int | None,
        visible: Predicate,
        *,
        prefetch: Ability | None = None,
        lock_organisation: bool = False,
    ) -> ModelT | None:
        """The same, or None: for a rule that has to lock the row before another one of which it checks more."""
        lock = lock_organisation_and_row if lock_organisation else lock_row
        conditions = [visible] if prefetch is None else [visible, POLICIES[model][prefetch]]
        rows, results = await self._lock_and_check(lock(model, wait=False), model, key or 0, conditions)
        # Another transaction holds the row. Only those who may see it wait: the delay would tell others that it exists.
        if results[0] and not rows:
            await self._wait_for_person(model, key or 0)
            rows, results = await self._lock_and_check(lock(model, wait=True), model, key or 0, conditions)
        if not results[0]:
            return None
        row = model_instance(model, rows[0])
        if prefetch is not None:
            self._prefetched = {(prefetch, model, row.pk): results[1]}
        return row

    async def _wait_for_person(self, model: type[Model], key: int) -> None:
        """Waits until the lock on the person to whom the row belongs is free, without keeping it.

        A merge may give the row to another person. A statement that waits for the lock would still lock the person whom
        it found when it began; the next statement finds the current one.
        """
        if lock := lock_person_of(model):
            await self.database.execute_query("savepoint waiting")
            await self.database.execute_query(lock, [key])
            await self.database.execute_query("rollback to savepoint waiting")

    async def _lock_and_check(
        self, lock: str, model: type[Model], key: int, conditions: Sequence[Predicate]
    ) -> tuple[list[dict[str, Any]], list[bool]]:
        """The row if it could be locked, and which of the conditions are true of it.

        The conditions are checked after locking, when nobody else can change the row. They are checked even if there is
        no such row: a faster response would distinguish it from a row that the actor may not see.
        """
        rows = await self.database.execute_query_dict(lock, [key])
        self.invalidate()
        return rows, await self._check(model, key, *conditions)

    async def require(self, ability: Ability, row: Model) -> None:
        """Requires that the actor has an ability on the row.

        Raises:
            Forbidden: The actor may not.
            PersonRequired: The actor is a machine client, which has none of the abilities.
        """
        # A prefetched result is used once: the rule may change the row from here on.
        allowed = self._prefetched.pop((ability, type(row), row.pk), None)
        if allowed is None:
            allowed = await self.holds(POLICIES[type(row)][ability], row)
        if not allowed:
            raise Forbidden if self.actor.authority_id is None else PersonRequired

    async def standing(self) -> Standing:
        """The facts about the actor as of the last lock or change of this transaction."""
        if self._standing is None:
            self._standing = await Standing.of(self.actor, self.database)
        return self._standing

    def invalidate(self) -> None:
        """Drops what was read about the actor, after waiting for a lock or changing rows."""
        self._standing = None
        self._prefetched = {}

    async def now(self) -> datetime:
        """The current moment by the database's clock, in UTC: later than the beginning of any row that is locked."""
        rows = await self.database.execute_query_dict("select clock_timestamp() as moment")
        moment: datetime = rows[0]["moment"]
        return moment

    async def today(self) -> date:
        """Today in Brussels, by the database's clock."""
        return await brussels_today(self.database)

    async def holds(self, condition: Predicate, row: Model) -> bool:
        """Is the condition true of the row, by the database's clock?"""
        return (await self._check(type(row), row.pk, condition))[0]

    async def _check(self, model: type[Model], key: int, *conditions: Predicate) -> list[bool]:
        """Which of the conditions are true of the row with a key; reads the actor's standing of the same moment."""
        statement = standing_and_conditions(model, conditions)
        [row] = await self.database.execute_query_dict(statement, [*self.actor.keys, key])
        self._standing = Standing.from_row(row)
        results = row["results"]
        return [bool(each) for each in results] if results else [False] * len(conditions)
