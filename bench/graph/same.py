"""Are the answers the same, byte for byte, and what they wrote too? Asked before anything is timed."""

import asyncio
from collections.abc import Sequence
from typing import Any

from bench.graph.load import Call, ask_once
from bench.graph.operations import LINKING, Asker, Linking, Variant, operations
from domain.database.connection import database

SHOWN = 300
WRITTEN = """select
  (select jsonb_agg(group_id order by id) from group_link where contract_id = $1 and ended_at is null) as tied,
  (select version from contract where id = $1) as version,
  (select jsonb_build_array(actor_id, action, before, after) from audit_entry
   where subject_type = 'Contract' and subject_id = $1 order by id desc limit 1) as told"""


def without_cost(body: bytes) -> bytes:
    """An answer without what the API tells of the question beside it."""
    answer, told, _ = body.partition(b',"extensions":')
    return answer + b"}" if told else body


async def check_same(variants: list[tuple[Variant, int]], askers: list[Asker], place: Linking) -> None:
    """Asks every way of each operation for each asker, by themselves and all at once.

    Args:
        variants: The ways, and the port where the server of each is reached.
        askers: Who reads.
        place: Where something is written.

    Raises:
        ValueError: Two answers differ.
    """
    for operation in operations():
        if operation != LINKING:
            await _check_reading(operation, variants, askers)
    _compare(LINKING, [(variant.name, await _linked(variant, port, place)) for variant, port in variants])


async def _check_reading(operation: str, variants: list[tuple[Variant, int]], askers: list[Asker]) -> None:
    answers: dict[str, Sequence[bytes]] = {}
    for variant, port in variants:
        calls = [variant.asks(operation, asker.variables(operation), asker) for asker in askers]
        answers[variant.name] = [await _answer(port, call) for call in calls]
        answers[f"{variant.name}, all at once"] = await asyncio.gather(*(_answer(port, call) for call in calls))
    for alike in zip(*answers.values(), strict=True):
        _compare(operation, list(zip(answers, alike, strict=True)))


async def _answer(port: int, call: Call) -> bytes:
    return without_cost(await ask_once(port, call))


async def _linked(variant: Variant, port: int, place: Linking) -> tuple[bytes, Any]:
    """The answer and what was written; the link is taken back without a trace, so that each way starts alike."""
    before, version = await _last_link(), place.version
    answer = await _answer(port, variant.asks(LINKING, place.variables(), place.asker))
    [written] = await database().execute_query_dict(WRITTEN, [place.contract_id])
    await database().execute_query("delete from group_link where id > $1", [before])
    await database().execute_query("update contract set version = $2 where id = $1", [place.contract_id, version])
    place.version, place.tied = version, False
    return answer, written


async def _last_link() -> int:
    last: int = (await database().execute_query_dict("select max(id) as last from group_link"))[0]["last"]
    return last


def _compare(operation: str, answers: list[tuple[str, Any]]) -> None:
    (first, expected), *others = answers
    for name, answer in others:
        if answer != expected:
            texts = str(expected), str(answer)
            differing = (place for place, (left, right) in enumerate(zip(*texts, strict=False)) if left != right)
            place = max(next(differing, 0) - SHOWN // 2, 0)
            one, other = (text[place : place + SHOWN] for text in texts)
            raise ValueError(f"{operation} differs from character {place} on.\n{first}: {one}\n{name}: {other}")
