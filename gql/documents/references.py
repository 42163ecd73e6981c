"""References to documents by digest, in the extensions of a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gql.documents.digest import digest_of
from gql.faults import Fault

DOCUMENT_ID: Final = "documentId"
DOCUMENT_ID_PREFIX: Final = "sha256:"
_PERSISTED_QUERY_VERSION: Final = 1


class DigestMismatch(Fault):
    """The request has a document with another digest."""

    message_template = "The digest {digest} is not that of the document that came with it."


class MalformedDocumentId(Fault):
    """`documentId` is not a digest with the prefix."""

    message_template = "{name} is {prefix} and a SHA-256 in 64 hexadecimal digits."


class MalformedPersistedQuery(Fault):
    """`persistedQuery` has another version, or no digest."""

    message_template = "persistedQuery has version 1, and sha256Hash with 64 hexadecimal digits."


@dataclass(frozen=True, slots=True)
class DocumentReference:
    """A reference to a document.

    Attributes:
        digest: The SHA-256 of its text in UTF-8, in hexadecimal.
        store: Whether the text sent along is to be stored for later requests.
    """

    digest: str
    store: bool


def document_reference(extensions: Mapping[str, Any] | None, text: str | None) -> DocumentReference | None:
    """The reference in a request; None if there is none.

    Args:
        extensions: The request's: `documentId` refers to a registered document (GraphQL over HTTP, appendix on
            persisted documents), `persistedQuery { version sha256Hash }` to one that may have been sent before
            (automatic persisted queries).
        text: The document of the request, if it has one.

    Raises:
        Fault: The reference is malformed, or is not to the document of the request.
    """
    reference = _parsed(extensions or {})
    if reference is not None and text is not None and digest_of(text) != reference.digest:
        raise DigestMismatch(digest=reference.digest)
    return reference


def _parsed(extensions: Mapping[str, Any]) -> DocumentReference | None:
    document_id, persisted = extensions.get(DOCUMENT_ID), extensions.get("persistedQuery")
    if document_id is not None:
        if not isinstance(document_id, str) or not _is_digest(document_id.removeprefix(DOCUMENT_ID_PREFIX)):
            raise MalformedDocumentId(name=DOCUMENT_ID, prefix=DOCUMENT_ID_PREFIX)
        return DocumentReference(document_id.removeprefix(DOCUMENT_ID_PREFIX), store=False)
    if persisted is None:
        return None
    is_known_version = isinstance(persisted, dict) and persisted.get("version") == _PERSISTED_QUERY_VERSION
    if is_known_version and _is_digest(persisted.get("sha256Hash")):
        return DocumentReference(persisted["sha256Hash"], store=True)
    raise MalformedPersistedQuery


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and len(value) == len(digest_of("")) and set(value) <= set("0123456789abcdef")
