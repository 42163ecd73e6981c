"""Uploads: stored when the bytes are what was announced, and otherwise not at all."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest
from httpx import Response

from domain.files.object_store import attachment_store
from domain.models import AccessRight, Attachment, Document, GroupLink, MachineClient, Notification, Theme, User
from domain.rules.document_sending import send_document
from gql.files import uploads
from tests import rows
from tests.files import DOCX, ODT, OPEN_TEXT, PDF, PNG, UBL, WINDOWS_EXECUTABLE, WORD, announcement, large_pdf
from tests.gql.files.file_api import FileApi
from tests.recorded_calls import recorded_calls
from tests.stores import FolderStore, Store

MEGABYTE = 1024 * 1024


async def is_pending() -> bool:
    """Is the only attachment still without its bytes?"""
    return (await Attachment.get()).arrived_at is None


def assert_refused(response: Response, status: int, refusal: str) -> dict[str, Any]:
    problem: dict[str, Any] = response.json()
    assert (response.status_code, problem["refusal"]) == (status, refusal)
    assert response.headers["content-type"] == "application/problem+json"
    assert (problem["status"], problem["requestId"]) == (status, response.headers["x-request-id"])
    return problem


@pytest.mark.parametrize("size", [len(PDF), 300_000, 11 * MEGABYTE])
async def test_an_uploaded_file_is_downloaded_unchanged(store: Store, files: FileApi, size: int):
    content = large_pdf(size)
    upload = await files.request_upload(await files.draft(), announcement(content))

    response = await files.client.put(upload["url"], content=content)

    assert (response.status_code, response.content) == (204, b"")
    attachment = await Attachment.get()
    assert store.keys() == {attachment.storage_key}
    url = await files.download_url(attachment)
    assert url is not None
    assert sha256((await files.client.get(url)).content).hexdigest() == attachment.sha256


async def test_a_chunked_upload_without_content_length_is_stored(store: Store, files: FileApi):
    content = large_pdf(400_000)
    upload = await files.request_upload(await files.draft(), announcement(content))

    response = await files.client.put(upload["url"], content=chunks_of(content))

    assert response.status_code == 204
    assert len(store.keys()) == 1


async def chunks_of(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 50_000):
        yield content[start : start + 50_000]


@pytest.mark.parametrize("with_length", [True, False])
@pytest.mark.parametrize(
    ("content", "status", "refusal", "message"),
    [
        (
            PDF + b"x",
            413,
            "UPLOAD_TOO_LONG",
            f"“vorderingsstaat.pdf” was announced with {len(PDF)} bytes, and more came. Nothing of it was kept.",
        ),
        (
            PDF[:-1],
            400,
            "UPLOAD_TOO_SHORT",
            (
                f"“vorderingsstaat.pdf” was announced with {len(PDF)} bytes, but {len(PDF) - 1} came."
                " Upload it again as a whole."
            ),
        ),
        (
            b"",
            400,
            "UPLOAD_TOO_SHORT",
            f"“vorderingsstaat.pdf” was announced with {len(PDF)} bytes, but 0 came. Upload it again as a whole.",
        ),
        (
            PDF[:-1] + b"x",
            422,
            "CHECKSUM_WRONG",
            (
                "What came of “vorderingsstaat.pdf” doesn't have the SHA-256 that was announced."
                " Upload it again as a whole."
            ),
        ),
    ],
)
async def test_bytes_other_than_announced_are_not_stored_and_can_be_uploaded_again(
    store: Store, files: FileApi, content: bytes, status: int, refusal: str, message: str, *, with_length: bool
):
    upload = await files.request_upload(await files.draft())

    response = await files.client.put(
        upload["url"], content=content if with_length else chunks_of(content), headers={"accept-language": "en"}
    )

    problem = assert_refused(response, status, refusal)
    assert (problem["code"], problem["message"]) == ("INVALID", message)
    assert store.keys() == set()
    assert await is_pending()
    assert (await files.client.put(upload["url"], content=PDF)).status_code == 204


@pytest.mark.parametrize(
    ("filename", "content_type", "content"),
    [
        ("staat.pdf", "application/pdf", WINDOWS_EXECUTABLE),
        ("staat.pdf", "application/pdf", PNG),
        ("nota.docx", WORD, ODT),
        ("nota.odt", OPEN_TEXT, DOCX),
        ("factuur.xml", "application/xml", PDF),
        ("nota.txt", "text/plain", WINDOWS_EXECUTABLE),
    ],
)
async def test_content_that_does_not_match_the_file_type_is_not_stored(
    store: Store, files: FileApi, filename: str, content_type: str, content: bytes
):
    upload = await files.request_upload(await files.draft(), announcement(content, filename, content_type))

    response = await files.client.put(upload["url"], content=content)

    problem = assert_refused(response, 415, "CONTENT_WRONG")
    assert problem["message"] == (
        f"De inhoud van “{filename}” stemt niet overeen met de extensie. Kondig het bestand aan met de juiste extensie,"
        " of laad een ander bestand op."
    )
    assert store.keys() == set()


@pytest.mark.parametrize(
    ("filename", "content_type", "content"),
    [
        ("nota.docx", WORD, DOCX),
        ("nota.odt", OPEN_TEXT, ODT),
        ("factuur.xml", "text/xml", UBL),
        ("nota.txt", "text/plain", b"Beste collega,\r\n"),
        ("请求书.png", "image/png", PNG),
    ],
)
@pytest.mark.usefixtures("folder_store")
async def test_every_allowed_file_type_is_stored(files: FileApi, filename: str, content_type: str, content: bytes):
    upload = await files.request_upload(await files.draft(), announcement(content, filename, content_type))

    assert (await files.client.put(upload["url"], content=content)).status_code == 204


async def test_an_upload_that_was_cut_off_can_be_repeated_and_leaves_nothing_behind(store: Store, files: FileApi):
    content = large_pdf(12 * MEGABYTE)
    upload = await files.request_upload(await files.draft(), announcement(content))
    address = urlsplit(upload["url"])
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = f"PUT {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {len(content)}\r\n\r\n"
    writer.write(head.encode() + content[: 7 * MEGABYTE])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    del reader

    response = await files.client.put(upload["url"], content=content)

    assert response.status_code == 204
    await eventually_only(store, (await Attachment.get()).storage_key)


async def eventually_only(store: Store, key: str) -> None:
    """Waits until the store has this key alone: the server notices only later that a connection was cut."""
    async with asyncio.timeout(60):
        while store.keys() != {key}:  # noqa: ASYNC110  # nothing signals when the store has dropped what was cut off
            await asyncio.sleep(0.05)


async def test_a_client_that_stops_sending_times_out(folder_store: FolderStore, files: FileApi):
    upload = await files.request_upload(await files.draft())
    address = urlsplit(upload["url"])
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(f"PUT {address.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(PDF)}\r\n\r\n%PDF".encode())

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(uploads, "IDLE_TIMEOUT", 0.2)
        status_line = await reader.readuntil(b"\r\n")

    assert status_line == b"HTTP/1.1 408 Request Timeout\r\n"
    writer.close()
    await writer.wait_closed()
    assert folder_store.keys() == set()
    assert (await files.client.put(upload["url"], content=PDF)).status_code == 204


async def test_concurrent_uploads_to_one_address_store_one_file(store: Store, files: FileApi):
    content = large_pdf(6 * MEGABYTE)
    upload = await files.request_upload(await files.draft(), announcement(content))

    with recorded_calls(attachment_store(), "put") as put_calls:

        async def concurrent_content() -> AsyncIterator[bytes]:
            """The content, of which the rest follows once all uploads have started, so that they overlap."""
            first, *rest = [chunk async for chunk in chunks_of(content)]
            yield first
            while len(put_calls) < 3:  # noqa: ASYNC110  # nothing signals it
                await asyncio.sleep(0.01)
            for chunk in rest:
                yield chunk

        responses = await asyncio.gather(
            *(files.client.put(upload["url"], content=concurrent_content()) for _ in range(3))
        )

    assert [response.status_code for response in responses] == [204, 204, 204]
    assert store.keys() == {(await Attachment.get()).storage_key}
    assert_refused(await files.client.put(upload["url"], content=content), 409, "ALREADY_UPLOADED")


async def test_a_refused_upload_with_expect_continue_is_not_sent(folder_store: FolderStore, files: FileApi):
    upload = await files.request_upload(await files.draft())
    address = urlsplit(upload["url"])
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = f"PUT {address.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n"
    writer.write(head.encode())

    assert await reader.readuntil(b"\r\n") == b"HTTP/1.1 413 Request Entity Too Large\r\n"
    writer.close()
    await writer.wait_closed()
    assert folder_store.keys() == set()


@pytest.mark.usefixtures("folder_store")
async def test_a_client_that_sends_the_whole_body_first_receives_the_refusal(files: FileApi):
    content = large_pdf(5 * MEGABYTE)
    upload = await files.request_upload(await files.draft(), announcement(content))
    await files.client.put(upload["url"], content=content)
    address = urlsplit(upload["url"])
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = f"PUT {address.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(content)}\r\n\r\n"
    writer.write(head.encode() + content)
    await writer.drain()

    assert await reader.readuntil(b"\r\n") == b"HTTP/1.1 409 Conflict\r\n"
    writer.close()
    await writer.wait_closed()


@pytest.mark.usefixtures("folder_store")
async def test_an_upload_by_a_user_who_lost_access_is_refused(files: FileApi):
    draft = await files.draft()
    upload = await files.request_upload(draft)
    await GroupLink.filter(contract_id=files.office.contract.id).update(ended_at=await rows.now())

    assert_refused(await files.client.put(upload["url"], content=PDF), 404, "NOT_FOUND")


async def test_an_upload_during_which_the_user_loses_access_is_not_stored(store: Store, files: FileApi):
    content = large_pdf(300_000)
    upload = await files.request_upload(await files.draft(), announcement(content))

    async def content_with_revocation() -> AsyncIterator[bytes]:
        yield content[:200_000]
        await AccessRight.all().update(revoked_at=await rows.now(), revocation_reason="Uit dienst")
        yield content[200_000:]

    response = await files.client.put(upload["url"], content=content_with_revocation())

    assert_refused(response, 404, "NOT_FOUND")
    assert store.keys() == set()
    assert await is_pending()


@pytest.mark.usefixtures("folder_store")
async def test_an_upload_to_a_sent_document_is_refused_with_its_sender(files: FileApi):
    draft = await files.draft()
    upload = await files.request_upload(draft)
    await files.client.put(upload["url"], content=PDF)
    await send_document(actor=files.office.sender, document_id=draft.id, version=1)
    sender = await User.get(id=files.office.sender.user_id)

    response = await files.client.put(upload["url"], content=PDF, headers={"accept-language": "en"})

    problem = assert_refused(response, 409, "DOCUMENT_SENT")
    assert problem["message"].startswith(f"{sender.full_name} sent this document on ")


@pytest.mark.usefixtures("folder_store")
async def test_an_upload_to_a_document_of_a_hidden_theme_is_refused(files: FileApi):
    upload = await files.request_upload(await files.draft())
    await Theme.filter(code="INVOICING").update(visible=False)

    assert_refused(await files.client.put(upload["url"], content=PDF), 409, "THEME_HIDDEN")


@pytest.mark.usefixtures("folder_store")
async def test_a_delivered_document_is_received_when_its_last_file_has_arrived(files: FileApi):
    payload = await files.deliver(announcement(filename="a.pdf"), announcement(UBL, "b.xml", "application/xml"))
    assert payload["document"]["status"] == "EXPECTED"
    first, last = payload["uploads"]
    assert (await files.client.put(first["url"], content=PDF)).status_code == 204
    assert await Notification.all().count() == 0

    assert (await files.client.put(last["url"], content=UBL)).status_code == 204

    repeated = await files.deliver(announcement(filename="a.pdf"), announcement(UBL, "b.xml", "application/xml"))
    assert (repeated["document"], repeated["uploads"]) == ({"id": payload["document"]["id"], "status": "RECEIVED"}, [])
    assert await Notification.all().count() == 1
    attachment = await Attachment.get(filename="b.xml")
    for reader in (files.office.reader, files.office.administrator, files.office.authority):
        url = await files.download_url(attachment, reader)
        assert url is not None
        assert (await files.client.get(url)).content == UBL


@pytest.mark.usefixtures("folder_store")
async def test_a_repeated_delivery_returns_other_addresses_that_work_as_well_as_the_first(files: FileApi):
    announced = (announcement(filename="a.pdf"), announcement(filename="b.pdf"))
    first = await files.deliver(*announced)
    repeated = await files.deliver(*announced)

    for payload, index in ((first, 0), (repeated, 1)):
        assert (await files.client.put(payload["uploads"][index]["url"], content=PDF)).status_code == 204
    assert (await Document.get()).status == "RECEIVED"


@pytest.mark.usefixtures("folder_store")
async def test_an_upload_by_a_machine_client_that_was_ended_is_refused(files: FileApi):
    [upload] = (await files.deliver(announcement()))["uploads"]
    await MachineClient.all().update(ended_at=await rows.now())

    assert_refused(await files.client.put(upload["url"], content=PDF), 404, "NOT_FOUND")
