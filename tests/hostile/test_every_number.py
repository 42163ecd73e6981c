"""Less than nought wherever a mutation takes a whole number: it is refused by its field."""

from tests.hostile.input_leaves import input_leaves, mutation_document
from tests.hostile.responses import payloads_of
from tests.hostile.target import Target, actor_name_for

NUMBERS = [place for place in input_leaves() if place.kind == "Int"]


def test_versions_and_sizes_are_among_them():
    assert {place.path[-1] for place in NUMBERS} == {"version", "size"}


async def test_less_than_nought_is_refused_by_its_field(target: Target):
    for place in NUMBERS:
        who, given = actor_name_for(place.mutation), await target.valid_input(place.mutation)
        if place.mutation == "previewGroupChange" and place.path[0] not in given:
            # Exactly one of the three changes is given, and its version is that of the mutation that makes it.
            continue

        [payload] = payloads_of(
            await target.send(who, mutation_document(place.mutation), {"input": place.replace_in(given, -1)}), place
        )

        told = {tuple(error["path"] or ()) for error in payload["errors"]}
        assert told == {tuple(map(str, place.path))}, (place, payload)
