"""Deliveries with files: received and notified with the last upload, and given up after a day without it."""

import asyncio
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from domain.database.connection import database as opened
from domain.models import Attachment, AuditEntry, Document, DocumentStatus, Notification, Theme
from domain.refusals import (
    AlreadyUploaded,
    ContractEnded,
    DocumentIncomplete,
    ExternalIdConflict,
    FileEmpty,
    FilenameInvalid,
    FilenameTaken,
    NotFound,
    Refusal,
    ThemeHidden,
    TooManyAttachments,
)
from domain.rules.action import NewAction, open_action
from domain.rules.announced_file import AnnouncedFile
from domain.rules.contract import end_contract
from domain.rules.document import DeliveredDocument, deliver_document
from domain.rules.message import DeliveredMessage, deliver_message
from domain.rules.overdue_uploads import give_up_deliveries, give_up_uploads
from domain.rules.upload import complete_upload, find_pending_upload
from settings import settings
from tests import rows
from tests.conftest import Environment
from tests.domain.rules.office import Office, an_office
from tests.files import announcement
from tests.gql.execution import captured_statements
from tests.refusals import assert_refused
from tests.table_contents import assert_tables_unchanged

pytestmark = pytest.mark.usefixtures("database", "environment")

FILES = (announcement(filename="staat.pdf"), announcement(filename="bijlage.pdf"))


def delivery(*files: AnnouncedFile, **fields: Any) -> DeliveredDocument:
    return replace(DeliveredDocument("VS-1", "INVOICING", "Vorderingsstaat 1", files or FILES), **fields)


async def deliver(office: Office, document: DeliveredDocument | None = None) -> tuple[Document, list[Attachment]]:
    return await deliver_document(
        actor=office.authority, contract_id=office.contract.id, delivered=document or delivery()
    )


async def upload(office: Office, attachment: Attachment, key: str | None = None) -> bool:
    storage_key = key or f"ab/{attachment.id}"
    return await complete_upload(actor=office.authority, attachment_id=attachment.id, storage_key=storage_key)


async def make_older(model: type[Document | Attachment], hours: float) -> None:
    table = model._meta.db_table
    await opened().execute_query(
        f"update {table} set created_at = created_at - make_interval(secs => $1)", [hours * 3600]
    )


async def audited_actions() -> list[str]:
    return [entry.action for entry in await AuditEntry.all().order_by("id")]


async def test_a_delivery_with_files_is_expected_and_notifies_nobody():
    office = await an_office()

    document, pending = await deliver(office)

    assert (document.status, document.received_at) == (DocumentStatus.EXPECTED, None)
    assert [file.filename for file in pending] == ["staat.pdf", "bijlage.pdf"]
    assert await Notification.all().count() == 0
    [entry] = await AuditEntry.all()
    assert (entry.action, entry.organisation_id) == ("DOCUMENT_ANNOUNCED", office.contract.contracting_authority_id)
    assert entry.after == {
        "theme": "INVOICING",
        "title": "Vorderingsstaat 1",
        "externalId": "VS-1",
        "files": ["staat.pdf", "bijlage.pdf"],
    }


async def test_a_delivery_is_received_and_notified_with_its_last_file():
    office = await an_office()
    document, (first, last) = await deliver(office)

    assert await upload(office, first)
    await document.refresh_from_db()
    assert (document.status, await Notification.all().count()) == (DocumentStatus.EXPECTED, 0)
    assert await upload(office, last)

    await document.refresh_from_db()
    await last.refresh_from_db()
    assert document.status == DocumentStatus.RECEIVED
    assert document.received_at is not None
    assert last.arrived_at is not None
    assert document.received_at >= last.arrived_at
    notification = await Notification.get()
    assert (notification.trigger, notification.document_id) == ("DOCUMENT_RECEIVED", document.id)
    assert await audited_actions() == [
        "DOCUMENT_ANNOUNCED",
        "ATTACHMENT_ARRIVED",
        "ATTACHMENT_ARRIVED",
        "DOCUMENT_DELIVERED",
    ]
    entry = await AuditEntry.get(action="DOCUMENT_DELIVERED")
    assert entry.organisation_id == office.contract.organisation_id


async def test_messages_and_actions_refer_to_a_delivery_only_once_it_is_received():
    office = await an_office()
    document, files = await deliver(office)
    arguments: dict[str, Any] = {"actor": office.authority, "contract_id": office.contract.id}
    message = DeliveredMessage("B-1", document.id, "Over de vorderingsstaat", "Graag uw akkoord.")
    action = NewAction("A-1", document.id, "Keur de vorderingsstaat goed")

    async with assert_refused(DocumentIncomplete, "documentId", title="Vorderingsstaat 1"):
        await deliver_message(**arguments, delivered=message)
    async with assert_refused(DocumentIncomplete, "documentId", title="Vorderingsstaat 1"):
        await open_action(**arguments, new=action)
    for file in files:
        await upload(office, file)

    assert (await deliver_message(**arguments, delivered=message)).document_id == document.id
    assert (await open_action(**arguments, new=action)).document_id == document.id


async def test_concurrent_uploads_complete_a_delivery_once():
    office = await an_office()
    _, pending = await deliver(office, delivery(*(announcement(filename=f"{n}.pdf") for n in range(8))))

    accepted = await asyncio.gather(*(upload(office, file) for file in pending))

    assert accepted == [True] * 8
    assert await Notification.all().count() == 1


async def test_of_concurrent_uploads_of_one_file_the_first_is_kept():
    office = await an_office()
    _, (first, _) = await deliver(office)

    accepted = await asyncio.gather(*(upload(office, first, f"ab/{number}") for number in range(5)))

    await first.refresh_from_db()
    assert sorted(accepted) == [False, False, False, False, True]
    assert first.storage_key == f"ab/{accepted.index(True)}"
    async with assert_refused(AlreadyUploaded, filename="staat.pdf"):
        await find_pending_upload(actor=office.authority, attachment_id=first.id)


async def test_a_repeated_delivery_returns_the_document_and_its_pending_attachments():
    office = await an_office()
    document, (first, last) = await deliver(office)
    await upload(office, first)

    repeated, pending = await deliver(office)
    assert (repeated.id, [file.id for file in pending]) == (document.id, [last.id])
    await upload(office, last)
    repeated, pending = await deliver(office)

    assert (repeated.id, repeated.status, pending) == (document.id, DocumentStatus.RECEIVED, [])
    assert (await Document.all().count(), await Attachment.all().count()) == (1, 2)


async def test_concurrent_deliveries_of_one_id_create_one_document():
    office = await an_office()

    results = await asyncio.gather(*(deliver(office) for _ in range(20)))

    assert len({document.id for document, _ in results}) == 1
    assert {tuple(file.id for file in pending) for _, pending in results} == {
        tuple(file.id for file in await Attachment.all().order_by("id"))
    }


@pytest.mark.parametrize(
    "other_files",
    [
        (FILES[0],),
        (FILES[1], FILES[0]),
        (FILES[0], replace(FILES[1], size=FILES[1].size + 1)),
        (FILES[0], replace(FILES[1], sha256="0" * 64)),
    ],
)
async def test_the_same_id_with_other_files_is_a_conflict(other_files: tuple[AnnouncedFile, ...]):
    office = await an_office()
    await deliver(office)
    async with assert_refused(ExternalIdConflict, "externalId", external_id="VS-1"):
        await deliver(office, delivery(*other_files))


@pytest.mark.parametrize(
    ("files", "kind", "path", "facts"),
    [
        ((FILES[0], replace(FILES[1], size=0)), FileEmpty, ("attachments", "1", "size"), {}),
        ((replace(FILES[0], filename="../a.pdf"),), FilenameInvalid, ("attachments", "0", "filename"), {}),
        (
            (FILES[0], replace(FILES[1], filename="STAAT.pdf")),
            FilenameTaken,
            ("attachments", "1", "filename"),
            {"filename": "STAAT.pdf"},
        ),
        (
            tuple(announcement(filename=f"{n}.pdf") for n in range(51)),
            TooManyAttachments,
            ("attachments",),
            {"maximum": 50},
        ),
    ],
)
async def test_an_invalid_file_is_refused_with_its_index(
    files: tuple[AnnouncedFile, ...], kind: type[Refusal], path: tuple[str, ...], facts: dict[str, Any]
):
    office = await an_office()
    async with assert_refused(kind, *path, **facts):
        await deliver(office, delivery(*files))


async def test_a_delivery_that_is_incomplete_after_a_day_is_given_up_and_its_id_is_free():
    office = await an_office()
    document, (first, last) = await deliver(office)
    await upload(office, first)
    await make_older(Document, 23.9)
    async with assert_tables_unchanged():
        assert await give_up_deliveries() == 0
    await make_older(Document, 0.2)

    assert await give_up_deliveries() == 1

    await document.refresh_from_db()
    assert document.deleted_at is not None
    assert await Attachment.filter(removed_at=None).count() == 0
    entry = await AuditEntry.get(action="DELIVERY_GIVEN_UP")
    assert (entry.actor_name, entry.before) == ("system", {"title": "Vorderingsstaat 1", "missing": ["bijlage.pdf"]})
    async with assert_refused(NotFound):
        await upload(office, last)
    repeated, pending = await deliver(office, delivery(title="Iets anders"))
    assert (repeated.id == document.id, len(pending)) == (False, 2)
    assert await give_up_deliveries() == 0


async def test_the_id_of_an_incomplete_delivery_is_free_after_a_day_before_any_sweep():
    office = await an_office()
    document, _ = await deliver(office)
    await make_older(Document, 24)

    repeated, _ = await deliver(office, delivery(title="Iets anders"))

    assert repeated.id != document.id


async def test_a_received_delivery_is_never_given_up():
    office = await an_office()
    document, pending = await deliver(office)
    for file in pending:
        await upload(office, file)
    await make_older(Document, 48)

    async with assert_tables_unchanged():
        assert await give_up_deliveries() == 0
        repeated, _ = await deliver(office)
    assert repeated.id == document.id


async def test_concurrent_sweeps_give_up_each_delivery_once():
    office = await an_office()
    for number in range(30):
        await deliver(office, delivery(external_id=f"VS-{number}"))
    await make_older(Document, 25)

    counts = await asyncio.gather(*(give_up_deliveries() for _ in range(4)))

    assert sum(counts) == 30
    assert await AuditEntry.filter(action="DELIVERY_GIVEN_UP").count() == 30


async def test_a_pending_upload_of_a_draft_is_given_up_after_a_day():
    office = await an_office()
    draft = await rows.a_document(office.contract, DocumentStatus.DRAFT)
    missing = await rows.an_attachment(draft, filename="mist.pdf", storage_key="a")
    arrived = await rows.an_attachment(draft, filename="er.pdf", storage_key="b", arrived_at=await rows.now())
    await make_older(Attachment, 24)

    counts = await asyncio.gather(*(give_up_uploads() for _ in range(3)))

    for file in (missing, arrived):
        await file.refresh_from_db()
    assert sum(counts) == 1
    assert (missing.removed_at is None, arrived.removed_at is None) == (False, True)
    assert (await AuditEntry.get()).action == "UPLOAD_GIVEN_UP"


async def test_an_upload_that_is_being_completed_is_not_given_up():
    office = await an_office()
    draft = await rows.a_document(office.contract, DocumentStatus.DRAFT)
    file = await rows.an_attachment(draft, filename="nu.pdf", storage_key="a")
    await make_older(Attachment, 24)
    connection = await asyncpg.connect(str(settings().database_url))
    try:
        async with asyncio.timeout(60), connection.transaction():
            await connection.execute(f"update attachment set arrived_at = now() where id = {file.id}")
            assert await give_up_uploads() == 0
    finally:
        await connection.close()

    assert await give_up_uploads() == 0
    await file.refresh_from_db()
    assert file.removed_at is None


async def test_nobody_else_uploads_a_file_of_a_delivery():
    office = await an_office()
    _, (first, _) = await deliver(office)
    stranger = replace(office.authority, authority_id=(await rows.an_authority()).id)
    for actor in (stranger, office.sender, office.administrator, office.colleague):
        async with assert_refused(NotFound):
            await find_pending_upload(actor=actor, attachment_id=first.id)
        async with assert_refused(NotFound):
            await complete_upload(actor=actor, attachment_id=first.id, storage_key="ab/x")


async def test_no_file_is_uploaded_on_a_hidden_theme_or_an_ended_contract():
    office = await an_office()
    announced, (first, second) = await deliver(office)
    await Theme.filter(code="INVOICING").update(visible=False)
    async with assert_refused(ThemeHidden, theme=await Theme.get(code="INVOICING"), possible="—"):
        await upload(office, first)
    assert (await deliver(office))[1] == []
    await Theme.filter(code="INVOICING").update(visible=True)
    assert (await deliver(office))[1] == [first, second]
    await end_contract(actor=office.authority, contract_id=office.contract.id, reason="Opgeleverd")
    async with assert_refused(ContractEnded):
        await upload(office, first)
    # A repeated delivery returns the document, and no attachment whose upload would be refused.
    document, pending = await deliver(office)
    assert (document, document.status, pending) == (announced, DocumentStatus.EXPECTED, [])


async def test_the_number_of_statements_does_not_grow_with_the_files(environment: Environment):
    environment.set(ATTACHMENTS_PER_DOCUMENT=500)
    office = await an_office()
    counts = []
    for count in (1, 400):
        files = [announcement(filename=f"{number}.pdf") for number in range(count)]
        with captured_statements() as statements:
            await deliver(office, delivery(*files, external_id=f"VS-{count}"))
        counts.append(len(statements))
    assert counts[0] == counts[1]
