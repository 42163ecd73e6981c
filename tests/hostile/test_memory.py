"""What is refused leaves nothing behind: as many objects as before, however often and in whatever form it comes."""

import gc
import os
import sys
from itertools import cycle, islice
from typing import Any

import pytest

from tests.hostile.responses import payloads_of
from tests.hostile.target import Target

FIRST = 1_500
"""After so many, everything is there that is kept for good, or up to some number."""
REQUESTS = 10_000 if "FUZZ" in os.environ else 500
KEPT = 0.2
"""Objects that a request may leave: a list that has grown, an interned name."""


def refused(serial: int) -> list[tuple[str, dict[str, Any]]]:
    """Operations that nobody sent before, each refused at another stage."""
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
async def test_requests_that_are_refused_leave_nothing_behind(target: Target):
    serials = iter(range(10**9))

    async def objects_after(requests: int) -> int:
        each = (operation for serial in serials for operation in refused(serial))
        for (document, variables), who in zip(islice(each, requests), cycle(("nobody", "legal")), strict=False):
            payloads_of(await target.send(who, document, variables), document)
        gc.collect()
        return sys.getallocatedblocks()

    before = await objects_after(FIRST)
    after = await objects_after(REQUESTS)

    assert (after - before) / REQUESTS < KEPT
