"""Checks that all variants return and write the same, byte for byte, before anything is timed."""

import asyncio
from collections.abc import Sequence
from typing import Any

from bench.graph.load import Request, send_once
from bench.graph.operations import LINK_GROUPS, LinkScenario, Variant, Viewer, operations
from domain.database.connection import database

EXCERPT_LENGTH = 300
SELECT_WRITTEN = """select
  (select jsonb_agg(group_id order by id) from group_link where contract_id = $1 and ended_at is null) as linked,
  (select version from contract where id = $1) as version,
  (select jsonb_build_array(actor_id, action, before, after) from audit_entry
   where subject_type = 'Contract' and subject_id = $1 order by id desc limit 1) as audited"""


def strip_extensions(body: bytes) -> bytes:
    """A response without its extensions."""
    data, extensions, _ = body.partition(b',"extensions":')
    return data + b"}" if extensions else body


async def check_equivalence(variants: list[tuple[Variant, int]], viewers: list[Viewer], scenario: LinkScenario) -> None:
    """Runs every variant of each operation for each viewer, one by one and concurrently.

    Args:
        variants: The variants, with the port of each one's server.
        viewers: The viewers of queries.
        scenario: The scenario of the mutation.

    Raises:
        ValueError: Two responses differ.
    """
    for operation in operations():
        if operation != LINK_GROUPS:
            await _check_query(operation, variants, viewers)
    _compare(LINK_GROUPS, [(variant.name, await _link(variant, port, scenario)) for variant, port in variants])


async def _check_query(operation: str, variants: list[tuple[Variant, int]], viewers: list[Viewer]) -> None:
    responses: dict[str, Sequence[bytes]] = {}
    for variant, port in variants:
        requests = [variant.request(operation, viewer.variables(operation), viewer) for viewer in viewers]
        responses[variant.name] = [await _send(port, request) for request in requests]
        responses[f"{variant.name}, concurrently"] = await asyncio.gather(
            *(_send(port, request) for request in requests)
        )
    for of_one_viewer in zip(*responses.values(), strict=True):
        _compare(operation, list(zip(responses, of_one_viewer, strict=True)))


async def _send(port: int, request: Request) -> bytes:
    return strip_extensions(await send_once(port, request))


async def _link(variant: Variant, port: int, scenario: LinkScenario) -> tuple[bytes, Any]:
    """The response and what was written; the link is then deleted for the next variant."""
    last_link_id, version = await _last_link_id(), scenario.version
    response = await _send(port, variant.request(LINK_GROUPS, scenario.variables(), scenario.viewer))
    [written] = await database().execute_query_dict(SELECT_WRITTEN, [scenario.contract_id])
    await database().execute_query("delete from group_link where id > $1", [last_link_id])
    await database().execute_query("update contract set version = $2 where id = $1", [scenario.contract_id, version])
    scenario.version, scenario.is_linked = version, False
    return response, written


async def _last_link_id() -> int:
    last: int = (await database().execute_query_dict("select max(id) as last from group_link"))[0]["last"]
    return last


def _compare(operation: str, responses: list[tuple[str, Any]]) -> None:
    (first_name, expected), *others = responses
    for name, response in others:
        if response != expected:
            texts = str(expected), str(response)
            differing = (index for index, (left, right) in enumerate(zip(*texts, strict=False)) if left != right)
            position = max(next(differing, 0) - EXCERPT_LENGTH // 2, 0)
            expected_excerpt, excerpt = (text[position : position + EXCERPT_LENGTH] for text in texts)
            raise ValueError(
                f"{operation} differs from character {position} on.\n"
                f"{first_name}: {expected_excerpt}\n{name}: {excerpt}"
            )
