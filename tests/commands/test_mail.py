"""`econtracting mail list`, `show`, `retry` and `drain`."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from domain.enterprise_number import formatted
from domain.models import AuditEntry, Delivery, DeliveryStatus, NotificationStatus, Organisation
from tests import rows
from tests.commands.running import econtracting, run_on_terminal
from tests.table_contents import assert_tables_unchanged
from tests.workers.events import a_notification_to, eventually
from tests.workers.scripted_smtp_server import CONTENT, RCPT, ScriptedSmtpServer

pytestmark = pytest.mark.usefixtures("database")


async def a_mail(status: DeliveryStatus, **columns: Any) -> Delivery:
    return await rows.a_delivery(status=status, **{"address": "werf@werken.example"} | columns)


async def test_mails_are_counted_and_the_newest_shown_with_masked_addresses():
    sent = await a_mail(DeliveryStatus.SENT)
    failed = await a_mail(DeliveryStatus.FAILED, attempts=1, last_error="550 5.1.1 <…>: unknown")
    result = await econtracting("mail", "list")
    assert (result.status, result.stderr) == (0, "")
    notifications, counts, first, error, second = result.stdout.splitlines()
    assert notifications == "2 notifications: 2 ROUTED"
    assert counts == "2 mails: 1 SENT, 1 FAILED"
    assert first.split()[:2] == [str(failed.id), "FAILED"]
    assert first.endswith("organisation  w…@werken.example  1 try")
    assert error.strip() == "550 5.1.1 <…>: unknown"
    assert second.split()[:2] == [str(sent.id), "SENT"]
    unmasked = await econtracting("mail", "list", "--addresses", "--limit", "1", "--status", "FAILED")
    assert "werf@werken.example" in unmasked.stdout
    assert unmasked.stdout.splitlines()[0] == "1 mail: 1 FAILED"
    assert len(unmasked.stdout.splitlines()) == 3


async def test_every_notification_is_counted_and_those_without_a_mail_are_shown():
    routed = await rows.a_notification(status=NotificationStatus.ROUTED)
    await a_mail(DeliveryStatus.SENT, routing=await rows.a_routing(routed))
    suppressed = await rows.a_notification(status=NotificationStatus.SUPPRESSED)
    waiting = await rows.a_notification()
    notifications, first, second, mails, _ = (await econtracting("mail", "list")).stdout.splitlines()
    assert notifications == "3 notifications: 1 PENDING, 1 ROUTED, 1 SUPPRESSED"
    assert first.split()[:2] == [str(waiting.id), "PENDING"]
    assert first.endswith("contract_available  waits to be routed")
    assert second.split()[:2] == [str(suppressed.id), "SUPPRESSED"]
    assert second.endswith("contract_available  nobody has an address")
    assert mails == "1 mail: 1 SENT"
    output = json.loads((await econtracting("mail", "list", "--json")).stdout)
    assert output["notifications"] == {"PENDING": 1, "ROUTED": 1, "SUPPRESSED": 1}
    assert [each["id"] for each in output["unmailed"]] == [waiting.id, suppressed.id]


async def test_the_same_as_json():
    mail = await a_mail(DeliveryStatus.SENT)
    output = json.loads((await econtracting("mail", "list", "--json")).stdout)
    assert output["counts"] == {"PENDING": 0, "SENDING": 0, "SENT": 1, "FAILED": 0, "BOUNCED": 0, "UNCERTAIN": 0}
    [mail_row] = output["mails"]
    assert (mail_row["id"], mail_row["status"], mail_row["address"]) == (mail.id, "SENT", "w…@werken.example")


async def test_mails_are_filtered_by_status_organisation_and_age():
    now = await rows.now()
    old = await a_mail(DeliveryStatus.FAILED, dated_at=now - timedelta(days=3))
    new = await a_mail(DeliveryStatus.BOUNCED)
    await a_mail(DeliveryStatus.SENT)
    number = formatted((await Organisation.get(id=old.organisation_id)).enterprise_number)
    for options, expected in (
        (("--status", "FAILED", "--status", "BOUNCED"), [new.id, old.id]),
        (("--organisation", number), [old.id]),
        (("--older", "2d"), [old.id]),
        (("--newer", "2d", "--status", "BOUNCED"), [new.id]),
        (("--older", "96h"), []),
    ):
        output = json.loads((await econtracting("mail", "list", "--json", *options)).stdout)
        assert [mail["id"] for mail in output["mails"]] == expected


async def test_invalid_options_are_refused_with_a_reason():
    for options, expected in (
        (("--older", "long"), "is no duration such as 30m, 12h or 7d."),
        (("--organisation", "0123.456.789"), "is no enterprise number such as 0123.456.749."),
        (("--status", "LOST"), "'LOST' is not one of"),
    ):
        result = await econtracting("mail", "list", *options)
        assert result.status == 2
        assert expected in " ".join(result.stderr.replace("│", "").split())


async def test_a_mail_is_shown_with_all_routings_and_mails_of_its_notification():
    notification = await rows.a_notification(status=NotificationStatus.ROUTED)
    first = await rows.a_routing(notification, level="GROUP", explanation={"skipped": [], "chosen": {"level": "GROUP"}})
    failed = await a_mail(DeliveryStatus.FAILED, routing=first, attempts=1, last_error="550 no")
    second = await rows.a_routing(notification, position=2, follows=first, explanation={"after": {"level": "GROUP"}})
    sent = await a_mail(DeliveryStatus.SENT, routing=second, address="firma@werken.example")

    by_mail = await econtracting("mail", "show", str(sent.id))
    by_notification = await econtracting("mail", "show", "--notification", str(notification.id))

    assert (by_mail.status, by_mail.stdout) == (0, by_notification.stdout)
    lines = by_mail.stdout.splitlines()
    assert lines[0].startswith(f"Notification {notification.id}: CONTRACT_AVAILABLE of ")
    assert [line.rpartition(": ")[2] for line in lines if line.startswith("Routing")] == ["GROUP", "ORGANISATION"]
    assert any(line.split()[:2] == [str(failed.id), "FAILED"] for line in lines)
    assert any("f…@werken.example" in line for line in lines)
    output = json.loads((await econtracting("mail", "show", str(sent.id), "--json", "--addresses")).stdout)
    assert [routing["position"] for routing in output["routings"]] == [1, 2]
    assert [mail["address"] for routing in output["routings"] for mail in routing["mails"]] == [
        "werf@werken.example",
        "firma@werken.example",
    ]


async def test_unknown_numbers_are_reported():
    for options, expected in (((), "There is no mail 7.\n"), (("--notification",), "There is no notification 7.\n")):
        result = await econtracting("mail", "show", "7", *options)
        assert (result.status, result.stderr) == (1, expected)


async def test_mails_are_retried_by_number():
    failed, sent = await a_mail(DeliveryStatus.FAILED), await a_mail(DeliveryStatus.SENT)
    result = await econtracting("mail", "retry", str(failed.id), str(sent.id))
    assert (result.status, result.stdout) == (1, "Retried 1 of 2.\n")
    assert result.stderr == f"{sent.id}: Only a mail that failed can be sent again.\n"
    await failed.refresh_from_db()
    assert failed.status == DeliveryStatus.PENDING
    assert [entry.actor_name for entry in await AuditEntry.all()] == ["operator"]


async def test_retrying_an_unknown_number_is_refused():
    result = await econtracting("mail", "retry", "7")
    assert (result.status, result.stderr) == (1, "7: There is nothing with this number.\n")


async def test_all_matching_mails_are_retried_after_confirmation():
    now = await rows.now()
    failed = [await a_mail(DeliveryStatus.FAILED, address=f"{number}@werken.example") for number in range(3)]
    old = await a_mail(DeliveryStatus.FAILED, dated_at=now - timedelta(days=3))
    await a_mail(DeliveryStatus.SENT)
    async with assert_tables_unchanged():
        refused = await econtracting("mail", "retry", "--newer", "1d", stdin="n\n")
    assert refused.status == 1
    result = await econtracting("mail", "retry", "--newer", "1d", "--yes", "--json")
    assert json.loads(result.stdout) == {"retried": [mail.id for mail in failed], "refused": []}
    await old.refresh_from_db()
    assert old.status == DeliveryStatus.FAILED


async def test_retrying_needs_either_numbers_or_options():
    async with assert_tables_unchanged():
        for options in ((), ("7", "--status", "FAILED")):
            result = await econtracting("mail", "retry", *options)
            assert result.status == 2


async def test_a_status_that_can_not_be_retried_is_refused():
    await a_mail(DeliveryStatus.FAILED)
    async with assert_tables_unchanged():
        result = await econtracting("mail", "retry", "--status", "FAILED", "--status", "SENT", "--yes")
    assert result.status == 2
    assert "Only mails that are FAILED, BOUNCED, UNCERTAIN" in result.stderr


async def test_draining_sends_all_that_is_due_including_the_next_level(smtp_server: ScriptedSmtpServer):
    smtp_server.plan(RCPT, "550 5.1.1 unknown")
    failing = await a_notification_to("groep@werken.example")
    await Organisation.filter(id=failing.organisation_id).update(email="firma@werken.example")
    result = await econtracting("mail", "drain")
    assert (result.status, result.stderr) == (0, "")
    assert result.stdout.endswith("; 0 left.\n")
    assert [mail["To"] for mail in smtp_server.mails] == ["firma@werken.example"]
    again = await econtracting("mail", "drain", "--json")
    assert json.loads(again.stdout) == {"handled": 0, "left": 0}


async def test_draining_many_mails_shows_progress_on_a_terminal(smtp_server: ScriptedSmtpServer):
    release = asyncio.Event()
    smtp_server.plan(CONTENT, release)
    for number in range(30):
        await a_notification_to(f"{number}@werken.example")
    async with run_on_terminal("mail", "drain") as output:
        await eventually(lambda: "Sending" in output(), within=60)
        release.set()
    assert len(smtp_server.contents) == 30
    assert await Delivery.exclude(status=DeliveryStatus.SENT).count() == 0


async def test_draining_reports_an_unavailable_mail_server(smtp_server: ScriptedSmtpServer):
    await smtp_server.stop()
    await a_notification_to("werf@werken.example")
    result = await econtracting("mail", "drain")
    assert result.status == 75
    assert result.stdout.endswith("; 1 left.\n")
    assert "The mail server accepts no mail at the moment." in result.stderr
    assert await Delivery.filter(status=DeliveryStatus.PENDING, attempts=0).count() == 1


async def test_letters_are_listed_shown_and_retried_like_other_mails(smtp_server: ScriptedSmtpServer):
    letter = await rows.a_letter()
    mail = await a_mail(DeliveryStatus.FAILED, letter=letter, attempts=1, last_error="550 no")
    listed = await econtracting("mail", "list")
    assert listed.stdout.splitlines()[2].endswith("address_changed  w…@werken.example  1 try")
    shown = await econtracting("mail", "show", str(mail.id))
    assert shown.stdout.splitlines()[0] == f"Letter {letter.id}: ADDRESS_CHANGED"
    assert (await econtracting("mail", "retry", str(mail.id))).status == 0
    assert (await econtracting("mail", "drain")).status == 0
    assert [mail["To"] for mail in smtp_server.mails] == ["werf@werken.example"]
