"""Bytes that are brought: kept when they are what was announced, and otherwise not at all."""

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
from tests.files import DOCX, ODT, OPEN_TEXT, PDF, PNG, PROGRAM, UBL, WORD, a_large_pdf, announcement
from tests.gql.files.file_api import FileApi
from tests.recorded_calls import recorded_calls
from tests.stores import Folder, Store

MEGABYTE = 1024 * 1024


async def waits() -> bool:
    """Does the only file still wait for its bytes?"""
    return (await Attachment.get()).arrived_at is None


def assert_refused(response: Response, status: int, refusal: str) -> dict[str, Any]:
    told: dict[str, Any] = response.json()
    assert (response.status_code, told["refusal"]) == (status, refusal)
    assert response.headers["content-type"] == "application/problem+json"
    assert (told["status"], told["requestId"]) == (status, response.headers["x-request-id"])
    return told


@pytest.mark.parametrize("size", [len(PDF), 300_000, 11 * MEGABYTE])
async def test_bytes_come_back_as_they_were_brought(store: Store, files: FileApi, size: int):
    content = a_large_pdf(size)
    upload = await files.request_upload(await files.draft(), announcement(content))

    response = await files.client.put(upload["url"], content=content)

    assert (response.status_code, response.content) == (204, b"")
    attachment = await Attachment.get()
    assert store.keys() == {attachment.storage_key}
    url = await files.download_url(attachment)
    assert url is not None
    assert sha256((await files.client.get(url)).content).hexdigest() == attachment.sha256


async def test_a_length_need_not_be_told(store: Store, files: FileApi):
    content = a_large_pdf(400_000)
    upload = await files.request_upload(await files.draft(), announcement(content))

    response = await files.client.put(upload["url"], content=in_pieces(content))

    assert response.status_code == 204
    assert len(store.keys()) == 1


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 50_000):
        yield content[start : start + 50_000]


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(
    ("brought", "status", "refusal", "message"),
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
async def test_other_bytes_than_announced_leave_nothing_and_can_be_mended(
    store: Store, files: FileApi, brought: bytes, status: int, refusal: str, message: str, *, told: bool
):
    upload = await files.request_upload(await files.draft())

    response = await files.client.put(
        upload["url"], content=brought if told else in_pieces(brought), headers={"accept-language": "en"}
    )

    problem = assert_refused(response, status, refusal)
    assert (problem["code"], problem["message"]) == ("INVALID", message)
    assert store.keys() == set()
    assert await waits()
    assert (await files.client.put(upload["url"], content=PDF)).status_code == 204


@pytest.mark.parametrize(
    ("filename", "content_type", "content"),
    [
        ("staat.pdf", "application/pdf", PROGRAM),
        ("staat.pdf", "application/pdf", PNG),
        ("nota.docx", WORD, ODT),
        ("nota.odt", OPEN_TEXT, DOCX),
        ("factuur.xml", "application/xml", PDF),
        ("nota.txt", "text/plain", PROGRAM),
    ],
)
async def test_a_file_that_is_none_of_its_kind_is_not_kept(
    store: Store, files: FileApi, filename: str, content_type: str, content: bytes
):
    upload = await files.request_upload(await files.draft(), announcement(content, filename, content_type))

    response = await files.client.put(upload["url"], content=content)

    problem = assert_refused(response, 415, "CONTENT_WRONG")
    assert problem["message"] == f"De inhoud van “{filename}” stemt niet overeen met het bestandstype."
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
@pytest.mark.usefixtures("folder")
async def test_files_of_every_kind_are_kept(files: FileApi, filename: str, content_type: str, content: bytes):
    upload = await files.request_upload(await files.draft(), announcement(content, filename, content_type))

    assert (await files.client.put(upload["url"], content=content)).status_code == 204


async def test_an_upload_that_is_cut_in_the_middle_leaves_nothing_and_can_be_done_again(store: Store, files: FileApi):
    content = a_large_pdf(12 * MEGABYTE)
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
    """The server notices a cut connection in its own time."""
    async with asyncio.timeout(60):
        while store.keys() != {key}:  # noqa: ASYNC110  # nothing tells when the store has dropped what was cut off
            await asyncio.sleep(0.05)


async def test_a_client_that_falls_silent_is_not_waited_for(folder: Folder, files: FileApi):
    upload = await files.request_upload(await files.draft())
    address = urlsplit(upload["url"])
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(f"PUT {address.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(PDF)}\r\n\r\n%PDF".encode())

    with pytest.MonkeyPatch.context() as hurried:
        hurried.setattr(uploads, "IDLE_TIMEOUT", 0.2)
        answer = await reader.readuntil(b"\r\n")

    assert answer == b"HTTP/1.1 408 Request Timeout\r\n"
    writer.close()
    await writer.wait_closed()
    assert folder.keys() == set()
    assert (await files.client.put(upload["url"], content=PDF)).status_code == 204


async def test_two_uploads_to_one_address_at_once_do_each_other_no_harm(store: Store, files: FileApi):
    content = a_large_pdf(6 * MEGABYTE)
    upload = await files.request_upload(await files.draft(), announcement(content))

    with recorded_calls(attachment_store(), "put") as begun:

        async def beside_others() -> AsyncIterator[bytes]:
            """The content, of which the rest follows when all uploads have begun: none comes after another is done."""
            first, *rest = [piece async for piece in in_pieces(content)]
            yield first
            while len(begun) < 3:  # noqa: ASYNC110  # nothing tells of it
                await asyncio.sleep(0.01)
            for piece in rest:
                yield piece

        answers = await asyncio.gather(*(files.client.put(upload["url"], content=beside_others()) for _ in range(3)))

    assert [answer.status_code for answer in answers] == [204, 204, 204]
    assert store.keys() == {(await Attachment.get()).storage_key}
    assert_refused(await files.client.put(upload["url"], content=content), 409, "ALREADY_UPLOADED")


async def test_a_client_that_waits_for_leave_sends_nothing_that_is_refused(folder: Folder, files: FileApi):
    upload = await files.request_upload(await files.draft())
    address = urlsplit(upload["url"])
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = f"PUT {address.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n"
    writer.write(head.encode())

    assert await reader.readuntil(b"\r\n") == b"HTTP/1.1 413 Request Entity Too Large\r\n"
    writer.close()
    await writer.wait_closed()
    assert folder.keys() == set()


@pytest.mark.usefixtures("folder")
async def test_a_client_that_says_everything_first_hears_why_it_is_refused(files: FileApi):
    content = a_large_pdf(5 * MEGABYTE)
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


@pytest.mark.usefixtures("folder")
async def test_whoever_lost_the_right_brings_nothing(files: FileApi):
    draft = await files.draft()
    upload = await files.request_upload(draft)
    await GroupLink.filter(contract_id=files.office.contract.id).update(ended_at=await rows.now())

    assert_refused(await files.client.put(upload["url"], content=PDF), 404, "NOT_FOUND")


async def test_a_right_that_ends_while_bytes_come_keeps_nothing(store: Store, files: FileApi):
    content = a_large_pdf(300_000)
    upload = await files.request_upload(await files.draft(), announcement(content))

    async def losing_it() -> AsyncIterator[bytes]:
        yield content[:200_000]
        await AccessRight.all().update(revoked_at=await rows.now(), revocation_reason="Uit dienst")
        yield content[200_000:]

    response = await files.client.put(upload["url"], content=losing_it())

    assert_refused(response, 404, "NOT_FOUND")
    assert store.keys() == set()
    assert await waits()


@pytest.mark.usefixtures("folder")
async def test_a_document_that_was_sent_takes_no_file_any_more_and_says_who_sent_it(files: FileApi):
    draft = await files.draft()
    upload = await files.request_upload(draft)
    await files.client.put(upload["url"], content=PDF)
    await send_document(actor=files.office.sender, document_id=draft.id, version=1)
    sender = await User.get(id=files.office.sender.user_id)

    response = await files.client.put(upload["url"], content=PDF, headers={"accept-language": "en"})

    problem = assert_refused(response, 409, "DOCUMENT_SENT")
    assert problem["message"].startswith(f"{sender.full_name} sent this document on ")


@pytest.mark.usefixtures("folder")
async def test_a_hidden_theme_takes_no_file(files: FileApi):
    upload = await files.request_upload(await files.draft())
    await Theme.filter(code="INVOICING").update(visible=False)

    assert_refused(await files.client.put(upload["url"], content=PDF), 409, "THEME_HIDDEN")


@pytest.mark.usefixtures("folder")
async def test_an_authority_delivers_a_document_with_its_files(files: FileApi):
    answer = await files.deliver(announcement(filename="a.pdf"), announcement(UBL, "b.xml", "application/xml"))
    assert answer["document"]["status"] == "EXPECTED"
    first, last = answer["uploads"]
    assert (await files.client.put(first["url"], content=PDF)).status_code == 204
    assert await Notification.all().count() == 0

    assert (await files.client.put(last["url"], content=UBL)).status_code == 204

    again = await files.deliver(announcement(filename="a.pdf"), announcement(UBL, "b.xml", "application/xml"))
    assert (again["document"], again["uploads"]) == ({"id": answer["document"]["id"], "status": "RECEIVED"}, [])
    assert await Notification.all().count() == 1
    attachment = await Attachment.get(filename="b.xml")
    for reader in (files.office.reader, files.office.administrator, files.office.authority):
        url = await files.download_url(attachment, reader)
        assert url is not None
        assert (await files.client.get(url)).content == UBL


@pytest.mark.usefixtures("folder")
async def test_a_repeat_gives_another_address_for_what_still_waits_and_both_are_good(files: FileApi):
    given = (announcement(filename="a.pdf"), announcement(filename="b.pdf"))
    first = await files.deliver(*given)
    again = await files.deliver(*given)

    for answer, place in ((first, 0), (again, 1)):
        assert (await files.client.put(answer["uploads"][place]["url"], content=PDF)).status_code == 204
    assert (await Document.get()).status == "RECEIVED"


@pytest.mark.usefixtures("folder")
async def test_a_system_that_may_not_come_any_more_brings_nothing(files: FileApi):
    [upload] = (await files.deliver(announcement()))["uploads"]
    await MachineClient.all().update(ended_at=await rows.now())

    assert_refused(await files.client.put(upload["url"], content=PDF), 404, "NOT_FOUND")
