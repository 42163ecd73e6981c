"""Documents that a contracting authority's system delivers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

import orjson

from domain import visibility
from domain.acting import Acting, acting
from domain.actor import Actor
from domain.models import Contract, Document, DocumentDirection, DocumentStatus, NotificationTrigger, Theme
from domain.refusals import (
    AttachmentsNotPossible,
    ContractEnded,
    ExternalIdConflict,
    Findings,
    Forbidden,
    ThemeHidden,
    ThemeUnknown,
)
from domain.texts import EXTERNAL_ID, required_text


@dataclass(frozen=True)
class DeliveredAttachment:
    """A file that is announced: its name, media type, size in bytes and SHA-256 in hexadecimal."""

    filename: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class DeliveredDocument:
    """What an authority delivers.

    Attributes:
        external_id: The authority's own id; a repeat with the same content gives the same document.
        theme_code: The code of a visible theme.
        title: The document's title.
        attachments: The files that will be uploaded.
    """

    external_id: str
    theme_code: str
    title: str
    attachments: Sequence[DeliveredAttachment] = ()

    def digest(self, contract_id: int) -> bytes:
        """SHA-256 of all of it: two deliveries are the same when it is."""
        return sha256(orjson.dumps([contract_id, asdict(self)], option=orjson.OPT_SORT_KEYS)).digest()


async def deliver_document(*, actor: Actor, contract_id: int | None, given: DeliveredDocument) -> Document:
    """Takes in a document on a contract, and writes the notification for whoever is to be mailed.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        given: What is delivered.

    Returns:
        The new document, or the one that the same delivery made before.

    Raises:
        NotFound: The actor sees no such contract.
        Forbidden: The actor isn't the authority that awarded it.
        ExternalIdConflict: Something else came under the same id before.
        ContractEnded: The contract is read-only.
        Refusals: What is wrong with what was given, each with its field.
    """
    async with acting(actor) as act:
        contract = await act.find(Contract, contract_id, visibility.contract, "contractId")
        if contract.contracting_authority_id != actor.authority_id:
            raise Forbidden
        await _wait_for_repeats(act, contract.contracting_authority_id, given.external_id)
        before = await _delivered_before(act, contract, given)
        return before or await _receive(act, contract, await _checked(act, contract, given))


async def _wait_for_repeats(act: Acting, authority_id: int, external_id: str) -> None:
    """Makes two deliveries of one id, on whichever contract, come after each other."""
    await act.database.execute_query_dict(
        "select pg_advisory_xact_lock(hashtextextended($1, $2::bigint))", [f"document:{external_id}", authority_id]
    )


async def _delivered_before(act: Acting, contract: Contract, given: DeliveredDocument) -> Document | None:
    found = (
        await Document.filter(
            contracting_authority_id=contract.contracting_authority_id,
            external_id=given.external_id.strip(),
            deleted_at=None,
        )
        .using_db(act.database)
        .first()
    )
    if found and found.content_digest != given.digest(contract.id):
        raise ExternalIdConflict("externalId", external_id=found.external_id)
    return found


@dataclass(frozen=True)
class _Checked:
    external_id: str
    title: str
    theme: Theme
    digest: bytes


async def _checked(act: Acting, contract: Contract, given: DeliveredDocument) -> _Checked:
    if contract.ended_at is not None:
        raise ContractEnded("contractId")
    findings = Findings()
    external_id = required_text(findings, given.external_id, "externalId", maximum=EXTERNAL_ID)
    title = required_text(findings, given.title, "title")
    themes = {theme.code: theme for theme in await Theme.all().order_by("id").using_db(act.database)}
    theme = themes.get(given.theme_code)
    possible = ", ".join(code for code, known in themes.items() if known.visible)
    if theme is None:
        findings.add(ThemeUnknown("themeCode", code=given.theme_code, possible=possible))
    elif not theme.visible:
        findings.add(ThemeHidden("themeCode", code=given.theme_code, possible=possible))
    if given.attachments:
        findings.add(AttachmentsNotPossible("attachments"))
    findings.settle()
    return _Checked(external_id, title, themes[given.theme_code], given.digest(contract.id))


async def _receive(act: Acting, contract: Contract, checked: _Checked) -> Document:
    document = await Document.create(
        contract_id=contract.id,
        contracting_authority_id=contract.contracting_authority_id,
        theme_id=checked.theme.id,
        title=checked.title,
        direction=DocumentDirection.FROM_AUTHORITY,
        status=DocumentStatus.RECEIVED,
        received_at=await act.moment(),
        external_id=checked.external_id,
        content_digest=checked.digest,
        using_db=act.database,
    )
    await act.notify(
        trigger=NotificationTrigger.DOCUMENT_RECEIVED,
        organisation_id=contract.organisation_id,
        contract_id=contract.id,
        document_id=document.id,
    )
    after = {"theme": checked.theme.code, "title": checked.title, "externalId": checked.external_id}
    await act.record("DOCUMENT_DELIVERED", document, contract.organisation_id, after=after)
    return document
