"""Every mutation, tried by everyone on the same objects: what is carried out, and what is refused without a trace."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from graphql import get_named_type
from tortoise.transactions import in_transaction

from domain.actor import Actor
from domain.database.privileges import DatabaseRole
from domain.models import AccessMandate
from tests.authorisation.house import House
from tests.authorisation.inputs import Input, mutation
from tests.authorisation.selection import Asked, fields_of
from tests.authorisation.table import ABSENT, OTHERWISE, READ, REFUSED, STRANGER
from tests.database_roles import as_database_role
from tests.gql.execution import execute_operation
from tests.table_contents import read_tables


async def vacate(house: House, name: str) -> None:
    """Where a line needs it, makes room: a main access manager is appointed only where there is none."""
    if name == "appointAccessManager (the main one)":
        mandate = house.mandates["main"]
        ended_at = mandate.since + timedelta(seconds=1)
        await AccessMandate.filter(id=mandate.id).update(ended_at=ended_at, end_reason="Wissel")


def document(name: str) -> str:
    """The operation that tries a mutation, and reads all of its payload."""
    field = fields_of("Mutation")[name]
    taken = get_named_type(field.args["input"].type).name
    payload = Asked().everything_of(get_named_type(field.type).name)
    return f"mutation($input: {taken}!) {{ done: {name}(input: $input) {{ {payload} }} }}"


@dataclass(frozen=True)
class Tried:
    """What became of a mutation.

    Attributes:
        sign: What somebody gets, as the table signs it.
        changed: Whether any table holds something else now.
        told: Whether the payload holds anything but refusals.
    """

    sign: str
    changed: bool
    told: bool


class _Undone(Exception):  # noqa: N818  # it undoes
    """Ends a transaction that is not to last."""


@dataclass
class Trial:
    """One line of the table: a mutation, tried by one after the other on the same house."""

    name: str
    house: House
    _before: dict[str, list[str]] | None = None

    async def by(self, actor: Actor, given: Input) -> Tried:
        """Has somebody act, and undoes it, so that the next one finds everything as it was."""
        tried = None
        try:
            async with in_transaction():
                await vacate(self.house, self.name)
                self._before = self._before or await read_tables()
                tried = await self._tried(actor, given)
                raise _Undone  # noqa: TRY301  # that is how a transaction is undone
        except _Undone:
            assert tried is not None
            return tried

    async def _tried(self, actor: Actor, given: Input) -> Tried:
        async with as_database_role(DatabaseRole.API):
            answer = await execute_operation(actor, document(mutation(self.name)), input=given)
        changed = await read_tables() != self._before
        if answer.errors:
            assert answer.codes == ["UNAUTHENTICATED"]
            return Tried(STRANGER, changed, told=answer.data is not None)
        told = any(value not in (None, [], 0) for key, value in answer.data["done"].items() if key != "errors")
        return Tried(_sign(answer.data["done"]["errors"]), changed, told)


def _sign(errors: list[dict[str, Any]]) -> str:
    codes = {error["code"] for error in errors}
    return {"NOT_FOUND": ABSENT, "FORBIDDEN": REFUSED}.get(codes.pop(), OTHERWISE) if codes else READ
