"""Parsing of bounces; mails that are none are recognised."""

from email import message_from_bytes

import pytest

from domain.models import Delivery
from domain.rules.bounce import ReportedAction, ReturnedMail
from settings import settings
from tests.conftest import Environment
from tests.workers.bounce_mails import QMAIL, a_delivery_report, a_reply, recipient_fields, return_path_of
from workers.bounces.returned_mail import parse_returned_mail

RANDOM = "0123456789abcdef0123456789abcdef"
MAIL = Delivery(id=7, attempts=2, failures=0, message_id=f"<{RANDOM}@e-contracting.example>")
TO = return_path_of(MAIL)


@pytest.fixture(autouse=True)
def _returning(environment: Environment) -> None:
    environment.set(MAIL_RETURN_ADDRESS="bounces@terug.example")


def parse(content: bytes, recipient: str | None = None) -> ReturnedMail | None:
    return parse_returned_mail(message_from_bytes(content), settings(), recipient)


def test_a_standard_report_identifies_the_mail_by_its_return_path() -> None:
    bounce = parse(
        a_delivery_report(
            TO, recipient_fields("failed", "5.1.1", "550 5.1.1 <werf@werken.example>: Recipient rejected")
        )
    )
    assert bounce is not None
    assert (bounce.delivery_id, bounce.sending, bounce.random, bounce.message_id) == (7, 2, RANDOM, None)
    [recipient] = bounce.recipients
    assert (recipient.action, recipient.addresses) == (ReportedAction.FAILED, ("werf@werken.example",))
    assert recipient.diagnostic == "550 5.1.1 <…>: Recipient rejected"


@pytest.mark.parametrize(
    ("field", "action"),
    [
        ("failed", ReportedAction.FAILED),
        ("Failed (bounced mail)", ReportedAction.FAILED),
        ("error", ReportedAction.FAILED),
        ("delayed", ReportedAction.DELAYED),
        ("delivered", ReportedAction.DELIVERED),
        ("relayed (to non-DSN-aware mailer)", ReportedAction.DELIVERED),
        ("expanded", ReportedAction.DELIVERED),
    ],
)
def test_the_action_field_decides_whatever_the_status_code_is(field: str, action: ReportedAction) -> None:
    bounce = parse(a_delivery_report(TO, recipient_fields(field, "4.4.7")))
    assert bounce is not None
    assert [recipient.action for recipient in bounce.recipients] == [action]


def test_a_failure_with_a_temporary_code_is_a_failure() -> None:
    bounce = parse(
        a_delivery_report(TO, recipient_fields("failed", "4.4.7 (delivery time expired)", "connect to mx: timed out"))
    )
    assert bounce is not None
    assert bounce.recipients[0].action is ReportedAction.FAILED
    assert bounce.recipients[0].diagnostic == "4.4.7 connect to mx: timed out"


def test_a_report_about_several_recipients() -> None:
    recipients = (
        recipient_fields("failed", "5.1.1", recipient="een@x.example"),
        recipient_fields("relayed", "2.1.5", recipient="twee@x.example"),
    )
    bounce = parse(a_delivery_report(TO, *recipients))
    assert bounce is not None
    assert [(recipient.action, recipient.addresses) for recipient in bounce.recipients] == [
        (ReportedAction.FAILED, ("een@x.example",)),
        (ReportedAction.DELIVERED, ("twee@x.example",)),
    ]


def test_the_diagnostic_is_one_line_without_addresses_and_of_limited_length() -> None:
    diagnostic = "550 no\n  such user piet.de-vries+x@sub.ontvanger.example nor 'an@x.example' " + "x" * 600
    bounce = parse(a_delivery_report(TO, recipient_fields("failed", "5.1.1", diagnostic)))
    assert bounce is not None
    diagnostic = bounce.recipients[0].diagnostic
    assert diagnostic.startswith("5.1.1 550 no such user … nor '…' xxx")
    assert "@" not in diagnostic
    assert len(diagnostic) == 500


@pytest.mark.parametrize(("status", "expected"), [("5.2.2", "5.2.2"), ("", "The mail came back.")])
def test_without_a_diagnostic_there_is_the_status_code_or_a_sentence(status: str, expected: str) -> None:
    bounce = parse(a_delivery_report(TO, recipient_fields("failed", status)))
    assert bounce is not None
    assert bounce.recipients[0].diagnostic == expected


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_without_a_return_path_the_returned_headers_identify_the_mail(kind: str) -> None:
    returned = f"From: no-reply@e-contracting.example\nMessage-ID: {MAIL.message_id}\nSubject: iets\n"
    report = a_delivery_report(
        "no-reply@e-contracting.example", recipient_fields("failed", "5.1.1"), returned=returned, returned_type=kind
    )
    bounce = parse(report)
    assert bounce is not None
    assert (bounce.delivery_id, bounce.message_id) == (None, MAIL.message_id)


def test_the_recipient_of_the_envelope_may_be_the_return_path() -> None:
    bounce = parse(a_delivery_report("undisclosed-recipients:;", recipient_fields("failed", "5.1.1")), TO)
    assert bounce is not None
    assert bounce.delivery_id == 7


def test_other_forms_of_bounces_count_if_the_return_path_identifies_the_mail() -> None:
    bounce = parse(QMAIL.format(to=TO).encode())
    assert bounce is not None
    assert [recipient.action for recipient in bounce.recipients] == [ReportedAction.FAILED]
    assert parse(QMAIL.format(to="no-reply@e-contracting.example").encode()) is None


@pytest.mark.parametrize(
    "content",
    [
        a_delivery_report("no-reply@e-contracting.example", recipient_fields("failed", "5.1.1")),
        a_delivery_report(TO),
        a_delivery_report(TO, recipient_fields("vanished", "5.1.1")),
        a_reply(TO, "Ik ben met vakantie.", Auto_Submitted="auto-replied"),
        a_reply(TO, "Unknown user: dat ben ik", X_Autoreply="yes", Return_Path="<>"),
        a_reply(TO, "550 5.1.1 user unknown", Return_Path="<els@werken.example>"),
        a_reply(TO, "Bedankt!"),
        b"",
        b"\xff\xfe\x00 no mail at all",
        b"Content-Type: multipart/report; report-type=delivery-status\n\nno parts",
        b"Content-Type: message/delivery-status\n\nAction",
    ],
)
def test_a_mail_that_is_no_bounce_of_ours_is_none(content: bytes) -> None:
    assert parse(content) is None


@pytest.mark.parametrize("report_type", ["disposition-notification", "feedback-report"])
def test_a_receipt_and_a_complaint_are_none(report_type: str) -> None:
    content = a_delivery_report(TO, recipient_fields("failed", "5.1.1")).decode()
    assert parse(content.replace("delivery-status", report_type).encode()) is None
