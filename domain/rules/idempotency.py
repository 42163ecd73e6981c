"""Idempotency of deliveries by an authority's system: repeating one with the same id and content changes nothing."""

from hashlib import sha256
from typing import Any, TypeVar

from domain.actor_transaction import ActorTransaction
from domain.json_text import json_bytes
from domain.models import Action, Contract, Document, Message
from domain.refusals import ExternalIdConflict, Findings
from domain.text_fields import MAX_EXTERNAL_ID, required_text, trimmed

Delivered = TypeVar("Delivered", Contract, Document, Message, Action)


def content_digest(*content: Any) -> bytes:
    """SHA-256 of a delivery's content as it is stored; equal digests under one id mean that one repeats the other."""
    return _digest(_as_stored(content))


def _digest(content: Any) -> bytes:
    # Lone surrogates, which are refused later, are encoded too: no stored content has them.
    return sha256(json_bytes(content)).digest()


def _as_stored(content: Any) -> Any:
    """The content with its texts as they are stored."""
    match content:
        case str():
            return trimmed(content, multiline=True)
        case dict():
            return {name: _as_stored(value) for name, value in content.items()}
        case list() | tuple():
            return [_as_stored(value) for value in content]
    return content


def checked_external_id(external_id: str) -> str:
    """The authority's own id as it is stored.

    Raises:
        Refusals: It is missing, too long, or not plain text.
    """
    findings = Findings()
    checked = required_text(findings, external_id, "externalId", maximum=MAX_EXTERNAL_ID)
    findings.raise_if_any()
    return checked


async def find_earlier_delivery(
    act: ActorTransaction, model: type[Delivered], external_id: str, digest: bytes, *content: Any
) -> Delivered | None:
    """The row that an earlier delivery with the same id and content created; None for a new id.

    Concurrent deliveries with the same id run one after the other.

    Args:
        act: The transaction of the authority's machine client.
        model: The model of what is delivered.
        external_id: The authority's own id.
        digest: The digest of the content as it is stored.
        content: The content as it was sent; the digests of old rows were computed from that.

    Raises:
        ExternalIdConflict: Something else was delivered with the same id before.
    """
    authority_id = act.actor.authority_id
    await act.database.execute_query_dict(
        "select pg_advisory_xact_lock(hashtextextended($1, $2::bigint))",
        [f"{model.__name__}:{external_id}", authority_id],
    )
    same_id = model.filter(contracting_authority_id=authority_id, external_id=external_id)
    if model is Document:
        # The id of an abandoned delivery is free again.
        same_id = same_id.filter(deleted_at=None)
    earlier = await same_id.using_db(act.database).first()
    if earlier and earlier.content_digest not in {digest, _digest(content)}:
        raise ExternalIdConflict("externalId", external_id=external_id)
    return earlier
