"""Negative numbers in every integer of a mutation's input are refused with the path of the field."""

from tests.hostile.input_leaves import input_leaves, mutation_document
from tests.hostile.responses import payloads_of
from tests.hostile.target import Target, actor_name_for

INTEGERS = [leaf for leaf in input_leaves() if leaf.kind == "Int"]


def test_the_integers_are_versions_and_sizes():
    assert {leaf.path[-1] for leaf in INTEGERS} == {"version", "size"}


async def test_a_negative_number_is_refused_with_its_path(target: Target):
    for leaf in INTEGERS:
        who, valid_input = actor_name_for(leaf.mutation), await target.valid_input(leaf.mutation)
        if leaf.mutation == "previewGroupChange" and leaf.path[0] not in valid_input:
            # The input contains exactly one of three changes; the example contains another one.
            continue

        [payload] = payloads_of(
            await target.send(who, mutation_document(leaf.mutation), {"input": leaf.replace_in(valid_input, -1)}), leaf
        )

        paths = {tuple(error["path"] or ()) for error in payload["errors"]}
        assert paths == {tuple(map(str, leaf.path))}, (leaf, payload)
