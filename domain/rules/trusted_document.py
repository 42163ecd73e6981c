"""Registering the documents that frontends ask with, and forgetting them again."""

from collections.abc import Collection, Mapping

from domain.acting import acting
from domain.actor import Actor
from domain.models import TrustedDocument
from domain.refusals import TrustedDocumentUnknown
from domain.rules.operators import require_operator


async def register_documents(*, actor: Actor, documents: Mapping[str, str]) -> list[TrustedDocument]:
    """Registers documents; those that are registered stay as they are.

    Args:
        actor: The operator.
        documents: The texts by their SHA-256 in hexadecimal; each is valid.

    Returns:
        Those that are new.

    Raises:
        Forbidden: The actor is somebody else.
    """
    require_operator(actor)
    async with acting(actor) as act:
        known = TrustedDocument.filter(digest__in=list(documents)).using_db(act.database)
        there = {row.digest for row in await known}
        made = []
        for digest, text in documents.items():
            if digest not in there:
                row = await TrustedDocument.create(digest=digest, text=text, using_db=act.database)
                await act.record("DOCUMENT_REGISTERED", row, None, after={"digest": digest})
                made.append(row)
    return made


async def forget_documents(*, actor: Actor, digests: Collection[str]) -> None:
    """Forgets registered documents.

    Args:
        actor: The operator.
        digests: Their SHA-256 in hexadecimal.

    Raises:
        Forbidden: The actor is somebody else.
        TrustedDocumentUnknown: One of them is not registered; nothing is forgotten.
    """
    require_operator(actor)
    async with acting(actor) as act:
        for digest in digests:
            row = await TrustedDocument.get_or_none(digest=digest, using_db=act.database)
            if row is None:
                raise TrustedDocumentUnknown("digest", digest=digest)
            await act.record("DOCUMENT_FORGOTTEN", row, None, before={"digest": digest})
            await row.delete(using_db=act.database)


async def registered_documents() -> list[TrustedDocument]:
    """All of them, in the order in which they were registered."""
    return await TrustedDocument.all().order_by("id")
