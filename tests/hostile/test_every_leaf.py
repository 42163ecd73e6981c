"""Hostile values at every leaf of a mutation's input are refused with a path, or accepted."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.hostile.corpus import TEXTS, VALUES
from tests.hostile.input_leaves import TEXTUAL, InputLeaf, input_leaves, mutation_document
from tests.hostile.responses import payloads_of
from tests.hostile.target import EXAMPLE_BY_MUTATION, Target, actor_name_for

LEAVES = tuple(input_leaves())
MUTATIONS = tuple(dict.fromkeys(leaf.mutation for leaf in LEAVES))
SHARES = 6
"""The mutations are divided over so many tests, which can run in parallel."""
WITHOUT_FUZZ = ("NUL", "half of a surrogate pair", "header", "long and wide", "NaN")
"""The values that are tried without `make fuzz`: one of each kind, and those that have found faults."""


def hostile_values(leaf: InputLeaf) -> Iterator[tuple[str, Any]]:
    """The values that are tried at a leaf, each with its name."""
    for name, value in {**TEXTS, **VALUES}.items():
        if "FUZZ" in os.environ or (name in WITHOUT_FUZZ and (leaf.kind in TEXTUAL or name in VALUES)):
            yield name, value


def test_every_mutation_has_an_example_with_a_valid_input():
    assert set(MUTATIONS) - set(EXAMPLE_BY_MUTATION) == set()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("share", range(SHARES))
async def test_a_hostile_value_is_refused_with_its_path_or_accepted(target: Target, share: int):
    for mutation in MUTATIONS[share::SHARES]:
        for leaf in (leaf for leaf in LEAVES if leaf.mutation == mutation):
            await _try_every_value_at(target, leaf)


async def _try_every_value_at(target: Target, leaf: InputLeaf) -> None:
    who, document, valid_input = (
        actor_name_for(leaf.mutation),
        mutation_document(leaf.mutation),
        await target.valid_input(leaf.mutation),
    )
    for name, value in hostile_values(leaf):
        response = await target.send(who, document, {"input": leaf.replace_in(valid_input, value)})
        payloads = payloads_of(response, (leaf, name))
        errors = [error for payload in payloads for error in payload["errors"]]
        for error in errors:
            assert error["code"] not in {"INVALID", "REQUIRED"} or error["path"], (leaf, name, error)
        if payloads and not errors:
            valid_input = await target.valid_input(leaf.mutation)
            target.forget_session(who)
