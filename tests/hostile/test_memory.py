"""Refused requests don't leak memory: the number of allocated objects stays the same."""

import gc
import os
import sys
from itertools import cycle, islice
from typing import Any

import pytest

from tests.hostile.responses import payloads_of
from tests.hostile.target import Target

WARM_UP_REQUESTS = 1_500
"""After so many, all caches are filled."""
REQUESTS = 10_000 if "FUZZ" in os.environ else 500
MAX_OBJECTS_PER_REQUEST = 0.2
"""Objects that a request may leave: a list that has grown, an interned name."""


def refused_operations(serial: int) -> list[tuple[str, dict[str, Any]]]:
    """Operations that were never sent before, each refused at another stage."""
    return [
        (f"{{ nothing{serial} }}", {}),
        (f"{{ viewer {{ # {serial}", {}),
        (f'{{ node(id: "{serial}") {{ nothing }} }}', {}),
        ("query($id: ID!) { node(id: $id) { id } }", {"id": {"a": serial}}),
        ("query($id: ID!) { node(id: $id) { id } }", {f"name{serial}": serial}),
        (f"query A{serial} {{ viewer {{ {'organisations { organisation { ' * 11} id {'} }' * 11} }} }}", {}),
        (
            "mutation($input: SetLanguageInput!) { setLanguage(input: $input) { errors { code } } }",
            {"input": {"language": f"L{serial}"}},
        ),
        (
            "mutation($input: DismissAccessManagerInput!) { dismissAccessManager(input: $input) { errors { code } } }",
            {"input": {"id": f"id{serial}", "reason": f"{serial}"}},
        ),
    ]


@pytest.mark.timeout(900)
async def test_refused_requests_leave_no_objects_behind(target: Target):
    serials = iter(range(10**9))

    async def objects_after(requests: int) -> int:
        operations = (operation for serial in serials for operation in refused_operations(serial))
        for (document, variables), who in zip(islice(operations, requests), cycle(("nobody", "legal")), strict=False):
            payloads_of(await target.send(who, document, variables), document)
        gc.collect()
        return sys.getallocatedblocks()

    before = await objects_after(WARM_UP_REQUESTS)
    after = await objects_after(REQUESTS)

    assert (after - before) / REQUESTS < MAX_OBJECTS_PER_REQUEST
