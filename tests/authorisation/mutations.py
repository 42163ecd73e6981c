"""Executes every mutation as every viewer on the same objects, and undoes it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from graphql import get_named_type
from tortoise.transactions import in_transaction

from domain.actor import Actor
from domain.database.privileges import DatabaseRole
from domain.models import AccessMandate
from tests.authorisation.inputs import MutationInput, mutation_name
from tests.authorisation.sample_organisation import SampleOrganisation
from tests.authorisation.selection import SelectionBuilder, fields_of
from tests.authorisation.table import ABSENT, FORBIDDEN, OTHER_REFUSAL, READ, UNAUTHENTICATED
from tests.database_roles import as_database_role
from tests.gql.execution import execute_operation
from tests.table_contents import read_tables


async def vacate_main_mandate(sample: SampleOrganisation, name: str) -> None:
    """Ends the main access manager's mandate for the line that appoints one: an organisation has at most one."""
    if name == "appointAccessManager (the main one)":
        mandate = sample.mandates["main"]
        ended_at = mandate.since + timedelta(seconds=1)
        await AccessMandate.filter(id=mandate.id).update(ended_at=ended_at, end_reason="Wissel")


def mutation_document(name: str) -> str:
    """The operation that executes a mutation and selects all of its payload."""
    field = fields_of("Mutation")[name]
    input_type = get_named_type(field.args["input"].type).name
    payload = SelectionBuilder().all_fields(get_named_type(field.type).name)
    return f"mutation($input: {input_type}!) {{ done: {name}(input: $input) {{ {payload} }} }}"


@dataclass(frozen=True)
class MutationOutcome:
    """The outcome of a mutation.

    Attributes:
        sign: The sign in the table.
        has_changed: Whether the contents of any database table changed.
        has_data: Whether the payload has any data besides errors.
    """

    sign: str
    has_changed: bool
    has_data: bool


class _Rollback(Exception):  # noqa: N818  # not an error
    """Rolls a transaction back."""


@asynccontextmanager
async def rolled_back() -> AsyncIterator[None]:
    """Runs the block in a transaction that is rolled back."""
    try:
        async with in_transaction():
            yield
            raise _Rollback  # noqa: TRY301  # the way to roll back what commits otherwise
    except _Rollback:
        pass


@dataclass
class MutationTrial:
    """One line of the table: a mutation that every viewer executes on the same sample organisation."""

    name: str
    sample: SampleOrganisation
    _before: dict[str, list[str]] | None = None

    async def execute_as(self, actor: Actor, mutation_input: MutationInput) -> MutationOutcome:
        """Executes the mutation and rolls it back, so that the next viewer finds the same rows."""
        async with rolled_back():
            await vacate_main_mandate(self.sample, self.name)
            self._before = self._before or await read_tables()
            return await self._execute(actor, mutation_input)

    async def _execute(self, actor: Actor, mutation_input: MutationInput) -> MutationOutcome:
        async with as_database_role(DatabaseRole.API):
            result = await execute_operation(actor, mutation_document(mutation_name(self.name)), input=mutation_input)
        has_changed = await read_tables() != self._before
        if result.errors:
            assert result.codes == ["UNAUTHENTICATED"]
            return MutationOutcome(UNAUTHENTICATED, has_changed, has_data=result.data is not None)
        has_data = any(value not in (None, [], 0) for key, value in result.data["done"].items() if key != "errors")
        return MutationOutcome(_sign_of_errors(result.data["done"]["errors"]), has_changed, has_data)


def _sign_of_errors(errors: list[dict[str, Any]]) -> str:
    codes = {error["code"] for error in errors}
    return {"NOT_FOUND": ABSENT, "FORBIDDEN": FORBIDDEN}.get(codes.pop(), OTHER_REFUSAL) if codes else READ
