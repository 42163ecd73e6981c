import asyncio
import mailbox
from collections.abc import Awaitable, Callable
from email import policy
from email.message import EmailMessage

import aiosmtplib
import pytest

from tests.conftest import SmtpSink

Offer = Callable[..., Awaitable[int]]
HEAD = b"From: MOW <no-reply@example.be>\r\nDate: Mon, 23 Nov 2026 18:00:00 +0000\r\nMessage-ID: <1@example.be>\r\n"


def mail(**headers: str) -> EmailMessage:
    written = EmailMessage(policy=policy.SMTP)
    given = {"From": "MOW <no-reply@example.be>", "To": "an@example.be", "Subject": "Nieuw dossierstuk"}
    given |= {"Date": "Mon, 23 Nov 2026 18:00:00 +0000", "Message-ID": "<1@example.be>"}
    for name, value in (given | headers).items():
        written[name] = value
    written.set_content("Dag\n")
    return written


@pytest.fixture
async def offered(smtp_sink: SmtpSink) -> Offer:
    """Sends bytes after DATA and gives the code of the answer to the last dot."""

    async def send(content: bytes, *options: str, recipient: str = "an@example.be") -> int:
        reader, writer = await asyncio.open_connection(smtp_sink.host, smtp_sink.port)
        parameters = "".join(f" {option}" for option in options)
        dialogue = f"EHLO test\r\nMAIL FROM:<no-reply@example.be>{parameters}\r\nRCPT TO:<{recipient}>\r\nDATA\r\n"
        writer.write(dialogue.encode())
        while not (await reader.readline()).startswith(b"354"):
            pass
        writer.write(content + b".\r\nQUIT\r\n")
        answer = await reader.readline()
        await reader.read()
        writer.close()
        await writer.wait_closed()
        return int(answer[:3])

    return send


async def test_a_mail_is_one_file_of_the_maildir_with_its_envelope(smtp_sink: SmtpSink) -> None:
    await aiosmtplib.send(
        mail(), hostname=smtp_sink.host, port=smtp_sink.port, sender="bounce@example.be", recipients=["An@Example.be"]
    )

    [kept] = mailbox.Maildir(smtp_sink.folder)
    assert kept.get_subdir() == "new"
    assert (kept["Return-Path"], kept["Delivered-To"]) == ("<bounce@example.be>", "An@Example.be")
    assert (kept["Subject"], kept.get_payload()) == ("Nieuw dossierstuk", "Dag\n")
    assert list((smtp_sink.folder / "tmp").iterdir()) == []


async def test_each_recipient_has_a_mail(smtp_sink: SmtpSink) -> None:
    to = ["an@example.be", "bo@example.be"]
    await aiosmtplib.send(mail(), hostname=smtp_sink.host, port=smtp_sink.port, recipients=to)

    assert [kept["Delivered-To"] for kept in smtp_sink.mails()] == to


async def test_many_mails_at_once_are_all_kept(smtp_sink: SmtpSink) -> None:
    await asyncio.gather(
        *(
            aiosmtplib.send(mail(**{"Message-ID": f"<{n}@example.be>"}), hostname=smtp_sink.host, port=smtp_sink.port)
            for n in range(40)
        )
    )

    assert {kept["Message-ID"] for kept in smtp_sink.mails()} == {f"<{n}@example.be>" for n in range(40)}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(HEAD + b"\r\nDag\nJan\r\n", id="a bare LF"),
        pytest.param(HEAD + b"\r\nDag\rJan\r\n", id="a bare CR"),
        pytest.param(HEAD + b"\r\nDag\0\r\n", id="a NUL"),
        pytest.param(HEAD + b"\r\n" + b"x" * 999 + b"\r\n", id="a line of 999 octets"),
        pytest.param(HEAD.replace(b"From", b"X-From") + b"\r\nDag\r\n", id="no From"),
        pytest.param(HEAD.replace(b"Date", b"X-Date") + b"\r\nDag\r\n", id="no Date"),
        pytest.param(HEAD.replace(b"Message-ID", b"X-ID") + b"\r\nDag\r\n", id="no Message-ID"),
        pytest.param(HEAD.replace(b"<1@example.be>", b"1") + b"\r\nDag\r\n", id="a malformed Message-ID"),
        pytest.param(HEAD.replace(b"23 Nov", b"33 Nov") + b"\r\nDag\r\n", id="an impossible Date"),
        pytest.param(HEAD + HEAD + b"\r\nDag\r\n", id="everything twice"),
        pytest.param(HEAD + b"no field\r\n\r\nDag\r\n", id="a line of the head that is no field"),
        pytest.param(HEAD + "Subject: één\r\n\r\nDag\r\n".encode(), id="8-bit octets in the head"),
        pytest.param(HEAD + "\r\neén\r\n".encode(), id="8-bit octets in the body"),
    ],
)
async def test_what_breaks_the_standard_is_refused_for_good(
    smtp_sink: SmtpSink, offered: Offer, content: bytes
) -> None:
    assert await offered(content) == 554
    assert smtp_sink.mails() == []


async def test_a_line_beyond_what_can_be_read_is_refused(smtp_sink: SmtpSink, offered: Offer) -> None:
    assert await offered(HEAD + b"\r\n" + b"x" * 5000 + b"\r\n") == 500
    assert smtp_sink.mails() == []


@pytest.mark.parametrize(
    ("content", "options"),
    [
        pytest.param(HEAD + b"\r\n" + b"x" * 998 + b"\r\n", (), id="a line of 998 octets"),
        pytest.param(HEAD + b"\r\n..\r\n", (), id="a doubled dot"),
        pytest.param(HEAD + "\r\neén\r\n".encode(), ("BODY=8BITMIME",), id="8-bit octets in the body"),
        pytest.param(HEAD + "Subject: één\r\n\r\nDag\r\n".encode(), ("SMTPUTF8",), id="8-bit octets in the head"),
    ],
)
async def test_what_the_standard_allows_is_kept_as_it_came(
    smtp_sink: SmtpSink, offered: Offer, content: bytes, options: tuple[str, ...]
) -> None:
    assert await offered(content, *options) == 250
    [kept] = smtp_sink.folder.glob("new/*")
    assert kept.read_bytes().endswith(content.replace(b"\r\n..", b"\r\n.").replace(b"\r\n", b"\n"))


async def test_an_address_beyond_ascii_needs_smtputf8(smtp_sink: SmtpSink, offered: Offer) -> None:
    content = HEAD + b"\r\nDag\r\n"
    assert await offered(content, recipient="één@example.be") == 554
    assert await offered(content, "SMTPUTF8", recipient="één@example.be") == 250
    [kept] = smtp_sink.mails()
    assert kept["Delivered-To"] == "één@example.be"


async def test_the_answer_to_ehlo_names_the_extensions(smtp_sink: SmtpSink) -> None:
    async with aiosmtplib.SMTP(hostname=smtp_sink.host, port=smtp_sink.port) as client:
        await client.ehlo()
        assert {"8bitmime", "smtputf8", "size"} <= set(client.esmtp_extensions)
