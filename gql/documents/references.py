"""Requests that name a document by its digest, with or without its text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gql.documents.digest import digest_of
from gql.faults import Fault

DOCUMENT_ID: Final = "documentId"
PREFIX: Final = "sha256:"
_VERSION: Final = 1


class DigestOfAnother(Fault):
    """A text came along, and is another."""

    message_template = "The digest {digest} is not that of the document that came with it."


class DocumentIdMisshapen(Fault):
    """It can name no document."""

    message_template = "{name} is {prefix} and a SHA-256 in 64 hexadecimal digits."


class PersistedQueryMisshapen(Fault):
    """Likewise."""

    message_template = "persistedQuery has version 1, and sha256Hash with 64 hexadecimal digits."


@dataclass(frozen=True, slots=True)
class Named:
    """A document named by its digest.

    Attributes:
        digest: The SHA-256 of its text in UTF-8, in hexadecimal.
        keep: Whether the text that comes with it is to be kept for the next time.
    """

    digest: str
    keep: bool


def named(extensions: Mapping[str, Any] | None, text: str | None) -> Named | None:
    """The document that a request names, if it names one.

    Args:
        extensions: The request's: `documentId` names a registered document (GraphQL over HTTP, persisted documents),
            `persistedQuery { version sha256Hash }` one that may have been sent before (automatic persisted queries).
        text: The text that comes with it, if one does.

    Raises:
        Fault: It names one in no way that is known, or another than the one that comes with it.
    """
    found = _found(extensions or {})
    if found is not None and text is not None and digest_of(text) != found.digest:
        raise DigestOfAnother(digest=found.digest)
    return found


def _found(extensions: Mapping[str, Any]) -> Named | None:
    document_id, persisted = extensions.get(DOCUMENT_ID), extensions.get("persistedQuery")
    if document_id is not None:
        if not isinstance(document_id, str) or not _is_digest(document_id.removeprefix(PREFIX)):
            raise DocumentIdMisshapen(name=DOCUMENT_ID, prefix=PREFIX)
        return Named(document_id.removeprefix(PREFIX), keep=False)
    if persisted is None:
        return None
    if isinstance(persisted, dict) and persisted.get("version") == _VERSION and _is_digest(persisted.get("sha256Hash")):
        return Named(persisted["sha256Hash"], keep=True)
    raise PersistedQueryMisshapen


def _is_digest(given: object) -> bool:
    return isinstance(given, str) and len(given) == len(digest_of("")) and set(given) <= set("0123456789abcdef")
