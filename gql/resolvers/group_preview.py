"""Previews of changes to groups and links."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import orjson

from domain.actor import Actor
from domain.refusals import Refusal, Refusals
from domain.rules.group_preview import GroupChangePreview, preview_deletion, preview_links, preview_update
from gql.reading.ids import key_of
from gql.reading.sources import SOURCES, CompleteRecord
from gql.resolvers.group import group_update_of

if TYPE_CHECKING:
    from gql.schema.group_preview import PreviewGroupChangeInput


async def preview_group_change(actor: Actor, input: "PreviewGroupChangeInput") -> CompleteRecord:
    """The preview of the change in the input."""
    preview = await _preview(actor, input)
    return CompleteRecord(
        source__=SOURCES["GroupChangePreview"],
        accesses=_json(preview.access_changes),
        own_references=_json(preview.reference_changes),
        senderless=_json(preview.contracts_left_without_sender),
        released=_json(preview.actions_released),
    )


def _json(values: Sequence[Any]) -> str:
    return orjson.dumps(values).decode()


async def _preview(actor: Actor, input: "PreviewGroupChangeInput") -> GroupChangePreview:
    if update := input.update:
        async with _within("update"):
            key, group_update = key_of("Group", update.id), group_update_of(update)
            return await preview_update(actor=actor, group_id=key, version=update.version, update=group_update)
    if deletion := input.delete:
        async with _within("delete"):
            key = key_of("Group", deletion.id)
            return await preview_deletion(actor=actor, group_id=key, version=deletion.version)
    if links := input.set_contract_groups:
        async with _within("setContractGroups"):
            key, groups = key_of("Contract", links.contract_id), [key_of("Group", each) for each in links.group_ids]
            return await preview_links(actor=actor, contract_id=key, version=links.version, group_ids=groups)
    raise TypeError("A one-of input has exactly one field.")


@asynccontextmanager
async def _within(field: str) -> AsyncIterator[None]:
    """Prepends this field to the paths of refusals."""
    try:
        yield
    except (Refusal, Refusals) as refused:
        for refusal in refused.refusals:
            refusal.path = (field, *refusal.path) if refusal.path else ()
        raise
