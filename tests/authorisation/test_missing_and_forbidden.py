"""What somebody may not see answers exactly as what never was: the same bytes, after as many questions to the database."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from tortoise.transactions import in_transaction

from domain.actor import Actor
from domain.privileges import DatabaseRole
from gql.reading.ids import from_global_id, global_id
from tests.authorisation.acting import document
from tests.authorisation.house import Houses
from tests.authorisation.inputs import INPUTS, PERSONAL, Input, mutation
from tests.authorisation.table import FOREIGN, OWN
from tests.gql.asking import Answer, ask
from tests.owner import as_program

WHO: Final = ("legal", "sender", "newcomer", "authority")
"""Those who may do something of each kind with their own, and one who has nothing."""
NEVER: Final = 2**40
"""A key that no row has."""

Path = tuple[str | int, ...]


class _Undone(Exception):  # noqa: N818  # it undoes
    """Ends a transaction that is not to last."""


@pytest.mark.parametrize("who", WHO)
async def test_an_act_on_what_is_not_ones_own(who: str, houses: Houses):
    actor, tried = houses[OWN].actors[who], 0
    for name in INPUTS:
        given, foreign = await INPUTS[name](houses[OWN], who), await INPUTS[name](houses[FOREIGN], "admin")
        for path, kind, hidden in others_in(given, foreign):
            tried += 1
            forbidden, missing = [
                await act(actor, name, put(given, path, global_id(kind, key))) for key in (hidden, NEVER)
            ]
            assert forbidden == missing, (name, path)

    assert tried >= len(INPUTS) - len(PERSONAL)


def others_in(given: Input, foreign: Input) -> Iterator[tuple[Path, str, int]]:
    """The places of an input where another's stands at the same place of another input: its type and its key."""
    for path, own in ids_in(given):
        for place, other in ids_in(foreign):
            found = from_global_id(other)
            if place == path and other != own and found:
                yield path, *found


async def act(actor: Actor, name: str, given: Input) -> tuple[Any, list[Any], int]:
    """What somebody is told who tries, and how many statements that took; undone."""
    answer: Answer | None = None
    try:
        async with in_transaction():
            async with as_program(DatabaseRole.API):
                answer = await ask(actor, document(mutation(name)), input=given)
            raise _Undone  # noqa: TRY301  # that is how a transaction is undone
    except _Undone:
        assert answer is not None
        return answer.data, answer.errors, len(answer.statements)


def ids_in(given: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every id in an input, and where it stands."""
    if isinstance(given, str) and from_global_id(given):
        yield path, given
    elif isinstance(given, dict | list):
        for step, inner in given.items() if isinstance(given, dict) else enumerate(given):
            yield from ids_in(inner, (*path, step))


def put(given: Any, path: Path, value: Any) -> Any:
    """A copy of an input with another value at one place."""
    if not path:
        return value
    step, *rest = path
    inner = put(given[step], tuple(rest), value)
    if isinstance(given, dict):
        return given | {step: inner}
    return [inner if place == step else each for place, each in enumerate(given)]
