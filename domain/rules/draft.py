"""Documents that an organisation draws up and sends (domain section 5)."""

from datetime import datetime
from typing import Final

from domain import visibility
from domain.acting import Acting, acting, require_version
from domain.actor import Actor
from domain.days import day_of
from domain.models import (
    Attachment,
    Contract,
    Document,
    DocumentDirection,
    DocumentLevel,
    DocumentStatus,
    Theme,
    User,
)
from domain.predicate import Predicate
from domain.refusals import (
    DocumentReceived,
    DocumentSent,
    DocumentSentUnsigned,
    Findings,
    LevelMissing,
    SendLevelMissing,
    UploadUnfinished,
)
from domain.rules.authority import require_running
from domain.rules.kept import keep_next
from domain.rules.taken_away import take_away
from domain.rules.themes import known_theme, require_visible
from domain.texts import required_text
from domain.visibility.access import has_level

QUEUE_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended('sent documents', $1::bigint))"
NEXT_POSITION: Final = """select coalesce(max(sent_position), 0) + 1 as position from document
  where contracting_authority_id = $1"""


async def draft_document(*, actor: Actor, contract_id: int | None, theme_code: str, title: str) -> Document:
    """Begins a document on a contract.

    Args:
        actor: A USER with DRAFT on the theme there.
        contract_id: The contract's key.
        theme_code: The code of a visible theme.
        title: The title.

    Raises:
        NotFound: The actor sees no such contract.
        ContractEnded: The contract is read-only.
        LevelMissing: The actor may not draw up documents on the theme.
        Refusals: What is wrong with theme and title.
    """
    async with acting(actor) as act:
        contract = await act.find(Contract, contract_id, visibility.contract, "contractId")
        findings = Findings()
        theme = await known_theme(act, findings, theme_code, "themeCode")
        text = required_text(findings, title, "title")
        findings.settle()
        await _require_level(act, contract, theme, DocumentLevel.DRAFT, "themeCode")
        require_running(contract, "contractId")
        document = await Document.create(
            contract_id=contract.id,
            contracting_authority_id=contract.contracting_authority_id,
            theme_id=theme.id,
            title=text,
            direction=DocumentDirection.TO_AUTHORITY,
            status=DocumentStatus.DRAFT,
            created_at=await act.moment(),
            created_by_id=actor.user_id,
            using_db=act.database,
        )
        after = {"theme": theme.code, "title": text}
        await act.record("DOCUMENT_DRAFTED", document, contract.organisation_id, after=after)
    return document


async def update_document(*, actor: Actor, document_id: int | None, version: int, title: str) -> Document:
    """Gives a draft another title.

    Args:
        actor: A USER with DRAFT on its theme.
        document_id: The document's key.
        version: The version that the change was made from.
        title: The title.

    Raises:
        NotFound: The actor sees no such document.
        DocumentSent, DocumentReceived, ContractEnded, ThemeHidden: It can't be changed any more.
        LevelMissing: The actor may not draw up documents on the theme.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: There is no title.
    """
    async with acting(actor) as act:
        document, contract = await changeable_draft(act, document_id, DocumentLevel.DRAFT, "id")
        require_version(document, version)
        findings = Findings()
        text = required_text(findings, title, "title")
        findings.settle()
        if text != document.title:
            before = {"title": document.title}
            await keep_next(act, document, title=text)
            await act.record(
                "DOCUMENT_CHANGED", document, contract.organisation_id, before=before, after={"title": text}
            )
    return document


async def delete_draft(*, actor: Actor, document_id: int | None, version: int) -> tuple[int, Contract]:
    """Throws a draft away; also one on a theme that was hidden since.

    Args:
        actor: A USER with DRAFT on its theme.
        document_id: The document's key.
        version: The version that it is deleted from.

    Returns:
        The document's key and its contract.

    Raises:
        NotFound: The actor sees no such document.
        DocumentSent, DocumentReceived, ContractEnded: It can't be changed any more.
        LevelMissing: The actor may not draw up documents on the theme.
        StaleVersion: Somebody else changed it in the meantime.
    """
    async with acting(actor) as act:
        document, contract, _ = await standing_draft(act, document_id, DocumentLevel.DRAFT, "id")
        require_version(document, version)
        moment = await act.moment()
        await keep_next(act, document, deleted_at=moment)
        await take_away(act, moment, document_id=document.id)
        before = {"title": document.title}
        await act.record("DRAFT_DELETED", document, contract.organisation_id, before=before)
    return document.id, contract


async def send_document(*, actor: Actor, document_id: int | None, version: int) -> Document:
    """Sends a draft to the contracting authority, which never learns who did; it is immutable from then on.

    Args:
        actor: A USER with SEND on its theme.
        document_id: The document's key.
        version: The version that is sent.

    Raises:
        NotFound: The actor sees no such document.
        DocumentSent, DocumentReceived, ContractEnded, ThemeHidden: It can't be sent any more.
        SendLevelMissing: The actor may not send documents on the theme.
        StaleVersion: Somebody else changed it in the meantime.
        UploadUnfinished: A file of it hasn't arrived.
    """
    async with acting(actor) as act:
        document, contract = await changeable_draft(act, document_id, DocumentLevel.SEND, "id")
        require_version(document, version)
        waited_for = Attachment.filter(document_id=document.id, arrived_at=None, removed_at=None)
        unfinished = await waited_for.using_db(act.database).first()
        if unfinished:
            raise UploadUnfinished("id", filename=unfinished.filename)
        sent = {"status": DocumentStatus.SENT, "sent_at": await act.moment(), "sent_by_id": actor.user_id}
        await keep_next(act, document, **sent, sent_position=await _next_position(act, document))
        await act.record("DOCUMENT_SENT", document, contract.organisation_id, after={"title": document.title})
    return document


async def _next_position(act: Acting, document: Document) -> int:
    """The next place in the authority's queue; the lock lasts until the commit, so that places appear in order."""
    authority = [document.contracting_authority_id]
    await act.database.execute_query_dict(QUEUE_LOCK, authority)
    position: int = (await act.database.execute_query_dict(NEXT_POSITION, authority))[0]["position"]
    return position


async def changeable_draft(
    act: Acting, document_id: int | None, level: DocumentLevel, *path: str
) -> tuple[Document, Contract]:
    """A document that can still be changed, locked, and its contract; by an actor with that level on its theme.

    Raises:
        NotFound: The actor sees no such document.
        LevelMissing: The actor has too low a level on the theme.
        DocumentSent, DocumentReceived, ContractEnded, ThemeHidden: It can't be changed any more.
    """
    document, contract, theme = await standing_draft(act, document_id, level, *path)
    await require_visible(act, theme, *path)
    return document, contract


async def standing_draft(
    act: Acting, document_id: int | None, level: DocumentLevel, *path: str
) -> tuple[Document, Contract, Theme]:
    """The same with its theme, which may be hidden by now: what is there can be taken away, and nothing can be added.

    Raises:
        NotFound: The actor sees no such document.
        LevelMissing: The actor has too low a level on the theme.
        DocumentSent, DocumentReceived, ContractEnded: It can't be changed any more.
    """
    document = await act.find(Document, document_id, visibility.document, *path)
    contract = await Contract.get(id=document.contract_id, using_db=act.database)
    theme = await Theme.get(id=document.theme_id, using_db=act.database)
    await _require_level(act, contract, theme, level, *path)
    if document.direction is DocumentDirection.FROM_AUTHORITY:
        raise DocumentReceived(*path)
    if document.sent_at is not None:
        raise await _sent(act, document, document.sent_at, *path)
    require_running(contract, *path)
    return document, contract, theme


async def _sent(act: Acting, document: Document, sent_at: datetime, *path: str) -> DocumentSent:
    sender = await User.get(id=document.sent_by_id, using_db=act.database)
    day = day_of(sent_at)
    if await act.holds(visibility.user, sender):
        return DocumentSent(*path, name=sender.full_name, day=day)
    return DocumentSentUnsigned(*path, day=day)


async def _require_level(act: Acting, contract: Contract, theme: Theme, level: DocumentLevel, *path: str) -> None:
    # The key is a number of ours, so that it can stand in the text.
    if not await act.holds(Predicate(has_level("{row}.id", level, str(int(theme.id)))), contract):
        kind = SendLevelMissing if level is DocumentLevel.SEND else LevelMissing
        raise kind(*path, theme=theme)
