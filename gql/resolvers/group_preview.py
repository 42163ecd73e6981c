"""What a change to groups or links would do."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import orjson

from domain.actor import Actor
from domain.refusals import Refusal, Refusals
from domain.rules.group_preview import GroupChangePreview, preview_deletion, preview_links, preview_update
from gql.reading.ids import key_of
from gql.reading.sources import SOURCES, CompleteRecord
from gql.resolvers.group import changed_group

if TYPE_CHECKING:
    from gql.schema.group_preview import PreviewGroupChangeInput


async def preview_group_change(actor: Actor, input: "PreviewGroupChangeInput") -> CompleteRecord:
    """The preview of the one change that was given."""
    found = await _found(actor, input)
    return CompleteRecord(
        source__=SOURCES["GroupChangePreview"],
        accesses=_json(found.access_changes),
        own_references=_json(found.reference_changes),
        senderless=_json(found.contracts_left_without_sender),
        released=_json(found.actions_released),
    )


def _json(found: Sequence[Any]) -> str:
    return orjson.dumps(found).decode()


async def _found(actor: Actor, input: "PreviewGroupChangeInput") -> GroupChangePreview:
    if update := input.update:
        async with _within("update"):
            key, change = key_of("Group", update.id), changed_group(update)
            return await preview_update(actor=actor, group_id=key, version=update.version, change=change)
    if deletion := input.delete:
        async with _within("delete"):
            key = key_of("Group", deletion.id)
            return await preview_deletion(actor=actor, group_id=key, version=deletion.version)
    if links := input.set_contract_groups:
        async with _within("setContractGroups"):
            key, groups = key_of("Contract", links.contract_id), [key_of("Group", each) for each in links.group_ids]
            return await preview_links(actor=actor, contract_id=key, version=links.version, group_ids=groups)
    raise TypeError("The schema lets nothing through but exactly one of the three.")


@asynccontextmanager
async def _within(field: str) -> AsyncIterator[None]:
    """The refused fields stand inside this one."""
    try:
        yield
    except (Refusal, Refusals) as refused:
        for refusal in refused.refusals:
            refusal.path = (field, *refusal.path) if refusal.path else ()
        raise
