"""Manifests: files with the documents of a frontend, as Relay's and Apollo's tools write them, or by hand."""

from pathlib import Path
from typing import Any

import orjson
from graphql import GraphQLError, parse, validate

from gql.documents.digest import digest_of
from gql.reading.core_schema import core_schema
from gql.schema import schema


class ManifestError(ValueError):
    """A file has no documents that can be registered; the message says which and why."""


def read_manifest(path: Path) -> dict[str, str]:
    """The documents of a file, by their digests.

    Args:
        path: A `.graphql` file, which is one document; or JSON: an object of texts by their SHA-256 (Relay's form), or
            a manifest with `operations`, each with `id` and `body` (Apollo's form).

    Raises:
        ManifestError: It is none of these, a digest isn't that of its text, or a document is invalid.
        OSError: It can't be read.
    """
    content = path.read_bytes()
    try:
        text = content.decode()
        manifest = {digest_of(text): text} if path.suffix == ".graphql" else orjson.loads(content)
    except ValueError as error:
        raise ManifestError(f"{path.name} is neither a .graphql file nor JSON in UTF-8.") from error
    documents = _documents_in(manifest)
    for digest, body in documents.items():
        if digest_of(body) != digest:
            raise ManifestError(f"{digest} is not the SHA-256 of its document; that would be {digest_of(body)}.")
        if message := _validation_error(body):
            raise ManifestError(f"{digest}: {message}")
    return documents


def _documents_in(manifest: Any) -> dict[str, str]:
    listed = manifest.get("operations", manifest) if isinstance(manifest, dict) else None
    if isinstance(listed, list):
        listed = {each.get("id"): each.get("body") for each in listed if isinstance(each, dict)}
    if not isinstance(listed, dict) or not all(isinstance(part, str) for pair in listed.items() for part in pair):
        raise ManifestError("A manifest holds texts by their digests, or operations that each have an id and a body.")
    return listed


def _validation_error(text: str) -> str | None:
    """The message of the first error in a document; None if it is valid."""
    try:
        errors = validate(core_schema(schema), parse(text))
    except GraphQLError as error:
        return error.message
    return errors[0].message if errors else None
