"""Everything nasty wherever a mutation takes something: it is refused by its field, or done as it is said."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.hostile.corpus import TEXTS, VALUES
from tests.hostile.input_leaves import TEXTUAL, InputLeaf, input_leaves, mutation_document
from tests.hostile.responses import payloads_of
from tests.hostile.target import EXAMPLE_BY_MUTATION, Target, actor_name_for

LEAVES = tuple(input_leaves())
MUTATIONS = tuple(dict.fromkeys(place.mutation for place in LEAVES))
AT_ONCE = 6
"""Each test tries every so manieth mutation, so that several processes share them."""
SHORT = ("NUL", "half of a surrogate pair", "header", "long and wide", "no number")
"""What is tried without `make fuzz`: one of each kind, and those by which faults were found."""


def nasty(place: InputLeaf) -> Iterator[tuple[str, Any]]:
    """What is tried at a place, by its name."""
    for name, value in {**TEXTS, **VALUES}.items():
        if "FUZZ" in os.environ or (name in SHORT and (place.kind in TEXTUAL or name in VALUES)):
            yield name, value


def test_every_mutation_has_an_ordinary_input_to_begin_from():
    assert set(MUTATIONS) - set(EXAMPLE_BY_MUTATION) == set()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("turn", range(AT_ONCE))
async def test_what_is_nasty_is_refused_by_its_field_or_done(target: Target, turn: int):
    for mutation in MUTATIONS[turn::AT_ONCE]:
        for place in (each for each in LEAVES if each.mutation == mutation):
            await _try_everything_at(target, place)


async def _try_everything_at(target: Target, place: InputLeaf) -> None:
    who, asked, given = (
        actor_name_for(place.mutation),
        mutation_document(place.mutation),
        await target.valid_input(place.mutation),
    )
    for name, value in nasty(place):
        response = await target.send(who, asked, {"input": place.replace_in(given, value)})
        payloads = payloads_of(response, (place, name))
        errors = [error for payload in payloads for error in payload["errors"]]
        for error in errors:
            assert error["code"] not in {"INVALID", "REQUIRED"} or error["path"], (place, name, error)
        if payloads and not errors:
            given = await target.valid_input(place.mutation)
            target.forget_session(who)
