"""Trusted GraphQL documents, which the operator registers for frontends and forgets again."""

from collections.abc import Collection, Mapping
from typing import Final

from domain.actor import Actor
from domain.actor_transaction import actor_transaction
from domain.models import TrustedDocument, UnlistedAction
from domain.refusals import TrustedDocumentUnknown
from domain.rules.operators import require_operator

# In the order of the digests, so that two transactions that register the same documents don't deadlock.
_REGISTER: Final = """insert into trusted_document (digest, text)
  select digest, text from unnest($1::text[], $2::text[]) document (digest, text) order by digest
  on conflict (digest) do nothing returning id"""


async def register_documents(*, actor: Actor, documents: Mapping[str, str]) -> list[TrustedDocument]:
    """Registers documents; those that are already registered stay as they are.

    Args:
        actor: The operator.
        documents: The texts, which are valid, by their SHA-256 in hexadecimal.

    Returns:
        The new ones.

    Raises:
        Forbidden: The actor is somebody else.
    """
    require_operator(actor)
    async with actor_transaction(actor) as act:
        values = [list(documents), list(documents.values())]
        inserted = [row["id"] for row in await act.database.execute_query_dict(_REGISTER, values)]
        rows = await TrustedDocument.filter(id__in=inserted).order_by("id").using_db(act.database)
        if rows:
            entries = [(row, None, None, {"digest": row.digest}) for row in rows]
            await act.record_all(UnlistedAction.DOCUMENT_REGISTERED, entries)
    return rows


async def forget_documents(*, actor: Actor, digests: Collection[str]) -> None:
    """Forgets registered documents.

    Args:
        actor: The operator.
        digests: Their SHA-256 in hexadecimal.

    Raises:
        Forbidden: The actor is somebody else.
        TrustedDocumentUnknown: One of them is not registered; then none is forgotten.
    """
    require_operator(actor)
    async with actor_transaction(actor) as act:
        # If two transactions forget the same documents, the second waits here and then finds none.
        locked = TrustedDocument.filter(digest__in=list(digests)).order_by("digest").using_db(act.database)
        rows = {row.digest: row for row in await locked.select_for_update()}
        for digest in digests:
            row = rows.pop(digest, None)
            if row is None:
                raise TrustedDocumentUnknown("digest", digest=digest)
            await act.record(UnlistedAction.DOCUMENT_FORGOTTEN, row, None, before={"digest": digest})
            await row.delete(using_db=act.database)


async def registered_documents() -> list[TrustedDocument]:
    """All registered documents, oldest first."""
    return await TrustedDocument.all().order_by("id")
