"""`econtracting mail bounces`: from the mail server's pipe, from an mbox file, from a Maildir."""

import json
import mailbox
from pathlib import Path

import pytest

from domain.models import Delivery, DeliveryStatus
from tests import rows
from tests.commands.running import econtracting
from tests.conftest import Environment
from tests.table_contents import assert_tables_unchanged
from tests.workers.bounce_mails import a_delivery_report, a_reply, recipient_fields, return_path_of

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _returning(environment: Environment) -> None:
    environment.set(MAIL_RETURN_ADDRESS="bounces@terug.example")


async def a_sent_mail() -> Delivery:
    number = rows.a_serial()
    return await rows.a_delivery(status=DeliveryStatus.SENT, message_id=f"<{number:032x}@e-contracting.example>")


async def status_of(delivery: Delivery) -> str:
    await delivery.refresh_from_db()
    return delivery.status


def a_bounce(delivery: Delivery) -> bytes:
    return a_delivery_report(return_path_of(delivery), recipient_fields("failed", "5.1.1", "550 5.1.1 unknown"))


async def test_one_mail_on_the_input_as_a_mail_server_pipes_it():
    delivery = await a_sent_mail()
    result = await econtracting("mail", "bounces", stdin=a_bounce(delivery).decode())
    assert (result.status, result.stdout, result.stderr) == (0, "1 read: 1 bounced\n", "")
    assert await status_of(delivery) == "BOUNCED"
    again = await econtracting("mail", "bounces", "-", "--json", stdin=a_bounce(delivery).decode())
    assert {outcome: number for outcome, number in json.loads(again.stdout).items() if number} == {"KNOWN": 1}


async def test_an_mbox_on_the_input_with_the_recipient_as_an_option():
    delivery = await a_sent_mail()
    report = a_delivery_report("undisclosed-recipients:;", recipient_fields("failed", "5.1.1")).decode()
    mbox = f"From MAILER-DAEMON Mon Nov 23 10:00:00 2026\n{report}"
    result = await econtracting("mail", "bounces", "--recipient", return_path_of(delivery), stdin=mbox)
    assert (result.status, result.stdout) == (0, "1 read: 1 bounced\n")


@pytest.mark.parametrize("kind", [mailbox.mbox, mailbox.Maildir])
async def test_a_mailbox_with_various_mails(tmp_path: Path, kind: type[mailbox.mbox] | type[mailbox.Maildir]):
    first, second, late = [await a_sent_mail() for _ in range(3)]
    box = kind(str(tmp_path / "box"))
    for content in (
        a_bounce(first),
        a_bounce(first),
        a_delivery_report(return_path_of(late), recipient_fields("delayed", "4.4.1")),
        a_reply(return_path_of(second), "Ik ben met vakantie.", Auto_Submitted="auto-replied"),
        a_delivery_report(f"bounces+{second.id}-1-{'f' * 32}@terug.example", recipient_fields("failed", "5.1.1")),
        a_bounce(second),
    ):
        box.add(content)
    box.close()

    result = await econtracting("mail", "bounces", str(tmp_path / "box"))

    assert result.stdout == "6 read: 2 bounced, 1 known, 1 delayed, 1 unknown, 1 ignored\n"
    assert [await status_of(each) for each in (first, second, late)] == ["BOUNCED", "BOUNCED", "SENT"]
    async with assert_tables_unchanged():
        again = await econtracting("mail", "bounces", str(tmp_path / "box"), "--remove")
    assert again.stdout == "6 read: 3 known, 1 delayed, 1 unknown, 1 ignored\n"
    emptied = kind(str(tmp_path / "box"))
    assert len(emptied) == 0
    emptied.close()


def nested(kind: str, times: int) -> bytes:
    """A mail whose parts are nested so deep."""
    parts = (f"Content-Type: {kind}; boundary=b{number}\n\n--b{number}\n" for number in range(times))
    return "".join(parts).encode()


async def test_malformed_mails_do_not_keep_the_others_from_being_read(tmp_path: Path):
    delivery, odd = await a_sent_mail(), await a_sent_mail()
    reason = "550 no\0such \x1b user " + "5" * 300_000
    headless = a_delivery_report(
        "x@elsewhere.example", recipient_fields("failed", "5.1.1"), returned="Message-ID: <a\0b@x.example>\n"
    )
    box = mailbox.Maildir(str(tmp_path / "box"))
    for content in (
        nested("multipart/mixed", 3_000),
        nested("message/rfc822", 3_000),
        b"To: " + b"(" * 100_000 + b"\n\n",
        headless,
        a_delivery_report(return_path_of(odd), recipient_fields("failed", "5.1.1", reason)),
        a_bounce(delivery),
    ):
        box.add(content)
    box.close()

    result = await econtracting("mail", "bounces", str(tmp_path / "box"), "--remove")

    assert result.stdout == "6 read: 2 bounced, 4 ignored\n"
    assert [await status_of(each) for each in (odd, delivery)] == ["BOUNCED", "BOUNCED"]
    assert (odd.last_error or "").startswith("5.1.1 550 no\ufffdsuch \ufffd user 555")
    assert list(mailbox.Maildir(str(tmp_path / "box"))) == []


async def test_a_missing_mailbox_or_mail_has_the_exit_status_that_mail_servers_know(tmp_path: Path):
    unreadable = "x" * 300
    missing, folder, nothing, closed = (
        await econtracting("mail", "bounces", str(tmp_path / "weg")),
        await econtracting("mail", "bounces", str(tmp_path)),
        await econtracting("mail", "bounces", stdin="\n"),
        await econtracting("mail", "bounces", unreadable),
    )
    assert [result.status for result in (missing, folder, nothing, closed)] == [66, 66, 66, 66]
    assert missing.stderr == f"There is no mailbox {tmp_path / 'weg'}.\n"
    assert closed.stderr == f"{unreadable} can't be read: File name too long.\n"
    assert folder.stderr == f"{tmp_path} is a folder, but no Maildir.\n"
    assert nothing.stderr == "There is no mail on the input.\n"


async def test_without_a_database_the_mail_server_is_asked_to_retry(environment: Environment):
    delivery = await a_sent_mail()
    environment.set(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    result = await econtracting("mail", "bounces", stdin=a_bounce(delivery).decode())
    assert result.status == 75
    assert result.stderr.startswith("The database can't be reached")
