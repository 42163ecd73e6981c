"""Drafts that can still be edited, found for actors with the required level (domain section 5)."""

from datetime import datetime

from domain import visibility
from domain.actor_transaction import ActorTransaction
from domain.days import brussels_day
from domain.models import Contract, Document, DocumentDirection, DocumentLevel, Theme, User
from domain.refusals import (
    DocumentReceived,
    DocumentSent,
    DocumentSentUnsigned,
    LevelMissing,
    PersonRequired,
    SendLevelMissing,
)
from domain.rules.running_contract import require_running
from domain.rules.theme import require_visible
from domain.visibility.access import has_level


async def find_editable_draft(
    act: ActorTransaction, document_id: int | None, level: DocumentLevel, *path: str
) -> tuple[Document, Contract]:
    """A draft that can still be edited, locked, and its contract; the actor has this level on its theme.

    Raises:
        NotFound: The actor sees no such document.
        LevelMissing: The actor has too low a level on the theme.
        DocumentSent, DocumentReceived, ContractEnded, ThemeHidden: It can't be changed any more.
    """
    document, contract, theme = await find_unsent_draft(act, document_id, level, *path)
    await require_visible(act, theme, *path)
    return document, contract


async def find_unsent_draft(
    act: ActorTransaction, document_id: int | None, level: DocumentLevel, *path: str
) -> tuple[Document, Contract, Theme]:
    """The same with its theme, which may be hidden: the draft can then be deleted and its files removed, nothing more.

    Raises:
        NotFound: The actor sees no such document.
        LevelMissing: The actor has too low a level on the theme.
        DocumentSent, DocumentReceived, ContractEnded: It can't be changed any more.
    """
    document = await act.find(Document, document_id, visibility.document, *path)
    contract = await Contract.get(id=document.contract_id, using_db=act.database)
    theme = await Theme.get(id=document.theme_id, using_db=act.database)
    await require_level(act, contract, theme, level, *path)
    if document.direction is DocumentDirection.FROM_AUTHORITY:
        raise DocumentReceived(*path)
    if document.sent_at is not None:
        raise await _sent_refusal(act, document, document.sent_at, *path)
    require_running(contract, *path)
    return document, contract, theme


async def _sent_refusal(act: ActorTransaction, document: Document, sent_at: datetime, *path: str) -> DocumentSent:
    sender = await User.get(id=document.sent_by_id, using_db=act.database)
    day = brussels_day(sent_at)
    if await act.holds(visibility.user, sender):
        return DocumentSent(*path, name=sender.full_name, day=day)
    return DocumentSentUnsigned(*path, day=day)


async def require_level(
    act: ActorTransaction, contract: Contract, theme: Theme, level: DocumentLevel, *path: str
) -> None:
    """Requires that the actor, as USER, has at least this level on the theme on this contract.

    Raises:
        LevelMissing: The actor has a lower one.
        PersonRequired: The actor is a machine client.
    """
    if act.actor.authority_id is not None:
        raise PersonRequired
    # The key is an integer of ours, so it can be part of the text.
    if not await act.holds(has_level("{row}.id", level, str(int(theme.id))), contract):
        refusal = SendLevelMissing if level is DocumentLevel.SEND else LevelMissing
        raise refusal(*path, theme=theme)
