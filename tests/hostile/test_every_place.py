"""Everything nasty wherever a mutation takes something: it is refused by its field, or done as it is said."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.hostile.answers import payloads_of
from tests.hostile.corpus import TEXTS, VALUES
from tests.hostile.places import TEXTUAL, Place, document, places
from tests.hostile.target import ORDINARY, Target, who_does

PLACES = tuple(places())
MUTATIONS = tuple(dict.fromkeys(place.mutation for place in PLACES))
AT_ONCE = 6
"""Each test tries every so manieth mutation, so that several processes share them."""
SHORT = ("NUL", "half of a surrogate pair", "header", "long and wide", "no number")
"""What is tried without `make fuzz`: one of each kind, and those by which faults were found."""


def nasty(place: Place) -> Iterator[tuple[str, Any]]:
    """What is tried at a place, by its name."""
    for name, value in {**TEXTS, **VALUES}.items():
        if "FUZZ" in os.environ or (name in SHORT and (place.kind in TEXTUAL or name in VALUES)):
            yield name, value


def test_every_mutation_has_an_ordinary_input_to_begin_from():
    assert set(MUTATIONS) - set(ORDINARY) == set()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("turn", range(AT_ONCE))
async def test_what_is_nasty_is_refused_by_its_field_or_done(target: Target, turn: int):
    for mutation in MUTATIONS[turn::AT_ONCE]:
        for place in (each for each in PLACES if each.mutation == mutation):
            await _try_everything_at(target, place)


async def _try_everything_at(target: Target, place: Place) -> None:
    who, asked, given = who_does(place.mutation), document(place.mutation), await target.ordinary(place.mutation)
    for name, value in nasty(place):
        response = await target.send(who, asked, {"input": place.put(given, value)})
        payloads = payloads_of(response, (place, name))
        errors = [error for payload in payloads for error in payload["errors"]]
        for error in errors:
            assert error["code"] not in {"INVALID", "REQUIRED"} or error["path"], (place, name, error)
        if payloads and not errors:
            given = await target.ordinary(place.mutation)
            target.sign_in_again(who)
