import asyncio
import mailbox
from collections.abc import Awaitable, Callable
from email import policy
from email.message import EmailMessage

import aiosmtplib
import pytest

from tests.conftest import SmtpSink

SendData = Callable[..., Awaitable[int]]
HEADERS = b"From: MOW <no-reply@example.be>\r\nDate: Mon, 23 Nov 2026 18:00:00 +0000\r\nMessage-ID: <1@example.be>\r\n"


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    defaults = {"From": "MOW <no-reply@example.be>", "To": "an@example.be", "Subject": "Nieuw dossierstuk"}
    defaults |= {"Date": "Mon, 23 Nov 2026 18:00:00 +0000", "Message-ID": "<1@example.be>"}
    for name, value in (defaults | headers).items():
        message[name] = value
    message.set_content("Dag\n")
    return message


@pytest.fixture
async def send_data(smtp_sink: SmtpSink) -> SendData:
    """Sends bytes after DATA; returns the code of the reply."""

    async def send(content: bytes, *options: str, recipient: str = "an@example.be") -> int:
        reader, writer = await asyncio.open_connection(smtp_sink.host, smtp_sink.port)
        parameters = "".join(f" {option}" for option in options)
        commands = f"EHLO test\r\nMAIL FROM:<no-reply@example.be>{parameters}\r\nRCPT TO:<{recipient}>\r\nDATA\r\n"
        writer.write(commands.encode())
        while not (await reader.readline()).startswith(b"354"):
            pass
        writer.write(content + b".\r\nQUIT\r\n")
        reply = await reader.readline()
        await reader.read()
        writer.close()
        await writer.wait_closed()
        return int(reply[:3])

    return send


async def test_a_mail_is_one_file_of_the_maildir_with_its_envelope(smtp_sink: SmtpSink) -> None:
    await aiosmtplib.send(
        mail(), hostname=smtp_sink.host, port=smtp_sink.port, sender="bounce@example.be", recipients=["An@Example.be"]
    )

    [message] = mailbox.Maildir(smtp_sink.folder)
    assert message.get_subdir() == "new"
    assert (message["Return-Path"], message["Delivered-To"]) == ("<bounce@example.be>", "An@Example.be")
    assert (message["Subject"], message.get_payload()) == ("Nieuw dossierstuk", "Dag\n")
    assert list((smtp_sink.folder / "tmp").iterdir()) == []


async def test_each_recipient_gets_a_mail(smtp_sink: SmtpSink) -> None:
    recipients = ["an@example.be", "bo@example.be"]
    await aiosmtplib.send(mail(), hostname=smtp_sink.host, port=smtp_sink.port, recipients=recipients)

    assert [message["Delivered-To"] for message in smtp_sink.mails()] == recipients


async def test_concurrent_mails_are_all_stored(smtp_sink: SmtpSink) -> None:
    await asyncio.gather(
        *(
            aiosmtplib.send(mail(**{"Message-ID": f"<{n}@example.be>"}), hostname=smtp_sink.host, port=smtp_sink.port)
            for n in range(40)
        )
    )

    assert {message["Message-ID"] for message in smtp_sink.mails()} == {f"<{n}@example.be>" for n in range(40)}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(HEADERS + b"\r\nDag\nJan\r\n", id="a bare LF"),
        pytest.param(HEADERS + b"\r\nDag\rJan\r\n", id="a bare CR"),
        pytest.param(HEADERS + b"\r\nDag\0\r\n", id="a NUL"),
        pytest.param(HEADERS + b"\r\n" + b"x" * 999 + b"\r\n", id="a line of 999 octets"),
        pytest.param(HEADERS.replace(b"From", b"X-From") + b"\r\nDag\r\n", id="no From"),
        pytest.param(HEADERS.replace(b"Date", b"X-Date") + b"\r\nDag\r\n", id="no Date"),
        pytest.param(HEADERS.replace(b"Message-ID", b"X-ID") + b"\r\nDag\r\n", id="no Message-ID"),
        pytest.param(HEADERS.replace(b"<1@example.be>", b"1") + b"\r\nDag\r\n", id="a malformed Message-ID"),
        pytest.param(HEADERS.replace(b"23 Nov", b"33 Nov") + b"\r\nDag\r\n", id="an impossible Date"),
        pytest.param(HEADERS + HEADERS + b"\r\nDag\r\n", id="everything twice"),
        pytest.param(HEADERS + b"no field\r\n\r\nDag\r\n", id="a header line that is no field"),
        pytest.param(HEADERS + "Subject: één\r\n\r\nDag\r\n".encode(), id="8-bit octets in the headers"),
        pytest.param(HEADERS + "\r\neén\r\n".encode(), id="8-bit octets in the body"),
    ],
)
async def test_a_mail_that_violates_a_standard_is_rejected_permanently(
    smtp_sink: SmtpSink, send_data: SendData, content: bytes
) -> None:
    assert await send_data(content) == 554
    assert smtp_sink.mails() == []


async def test_a_mail_that_cannot_be_stored_is_rejected_temporarily(smtp_sink: SmtpSink, send_data: SendData) -> None:
    # The Maildir's folder for files that aren't complete.
    (smtp_sink.folder / "tmp").rmdir()
    assert await send_data(HEADERS + b"\r\nDag\r\n") == 451
    assert smtp_sink.mails() == []

    (smtp_sink.folder / "tmp").mkdir()
    assert await send_data(HEADERS + b"\r\nDag\r\n") == 250
    assert len(smtp_sink.mails()) == 1


async def test_a_line_that_is_too_long_to_read_is_rejected(smtp_sink: SmtpSink, send_data: SendData) -> None:
    assert await send_data(HEADERS + b"\r\n" + b"x" * 5000 + b"\r\n") == 500
    assert smtp_sink.mails() == []


@pytest.mark.parametrize(
    ("content", "options"),
    [
        pytest.param(HEADERS + b"\r\n" + b"x" * 998 + b"\r\n", (), id="a line of 998 octets"),
        pytest.param(HEADERS + b"\r\n..\r\n", (), id="a doubled dot"),
        pytest.param(HEADERS + "\r\neén\r\n".encode(), ("BODY=8BITMIME",), id="8-bit octets in the body"),
        pytest.param(HEADERS + "Subject: één\r\n\r\nDag\r\n".encode(), ("SMTPUTF8",), id="8-bit octets in the headers"),
    ],
)
async def test_a_mail_that_conforms_is_stored_unchanged(
    smtp_sink: SmtpSink, send_data: SendData, content: bytes, options: tuple[str, ...]
) -> None:
    assert await send_data(content, *options) == 250
    [file] = smtp_sink.folder.glob("new/*")
    assert file.read_bytes().endswith(content.replace(b"\r\n..", b"\r\n.").replace(b"\r\n", b"\n"))


async def test_an_address_beyond_ascii_needs_smtputf8(smtp_sink: SmtpSink, send_data: SendData) -> None:
    content = HEADERS + b"\r\nDag\r\n"
    assert await send_data(content, recipient="één@example.be") == 554
    assert await send_data(content, "SMTPUTF8", recipient="één@example.be") == 250
    [message] = smtp_sink.mails()
    assert message["Delivered-To"] == "één@example.be"


async def test_the_reply_to_ehlo_lists_the_extensions(smtp_sink: SmtpSink) -> None:
    async with aiosmtplib.SMTP(hostname=smtp_sink.host, port=smtp_sink.port) as client:
        await client.ehlo()
        assert {"8bitmime", "smtputf8", "size"} <= set(client.esmtp_extensions)
