"""What is read from a mail that came back, and from what is none."""

from email import message_from_bytes

import pytest

from domain.models import Delivery
from domain.rules.bounce import ReportedAction, ReturnedMail
from settings import settings
from tests.conftest import Environment
from tests.workers.bounce_mails import QMAIL, a_report, an_answer, block, return_path_of
from workers.bounces.returned_mail import parse_returned_mail

RANDOM = "0123456789abcdef0123456789abcdef"
MAIL = Delivery(id=7, attempts=2, failures=0, message_id=f"<{RANDOM}@e-contracting.example>")
TO = return_path_of(MAIL)


@pytest.fixture(autouse=True)
def _returning(environment: Environment) -> None:
    environment.set(MAIL_RETURN_ADDRESS="bounces@terug.example")


def read(content: bytes, recipient: str | None = None) -> ReturnedMail | None:
    return parse_returned_mail(message_from_bytes(content), settings(), recipient)


def test_a_standard_report_names_the_mail_by_its_return_path() -> None:
    found = read(a_report(TO, block("failed", "5.1.1", "550 5.1.1 <werf@werken.example>: Recipient rejected")))
    assert found is not None
    assert (found.delivery_id, found.sending, found.random, found.message_id) == (7, 2, RANDOM, None)
    [recipient] = found.recipients
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
def test_what_the_server_did_is_what_counts(field: str, action: ReportedAction) -> None:
    found = read(a_report(TO, block(field, "4.4.7")))
    assert found is not None
    assert [each.action for each in found.recipients] == [action]


def test_a_mail_that_was_given_up_has_failed_whatever_its_code() -> None:
    found = read(a_report(TO, block("failed", "4.4.7 (delivery time expired)", "connect to mx: timed out")))
    assert found is not None
    assert found.recipients[0].action is ReportedAction.FAILED
    assert found.recipients[0].diagnostic == "4.4.7 connect to mx: timed out"


def test_several_recipients() -> None:
    blocks = block("failed", "5.1.1", recipient="een@x.example"), block("relayed", "2.1.5", recipient="twee@x.example")
    found = read(a_report(TO, *blocks))
    assert found is not None
    assert [(each.action, each.addresses) for each in found.recipients] == [
        (ReportedAction.FAILED, ("een@x.example",)),
        (ReportedAction.DELIVERED, ("twee@x.example",)),
    ]


def test_the_reason_is_one_line_without_addresses_and_not_endless() -> None:
    diagnostic = "550 no\n  such user piet.de-vries+x@sub.ontvanger.example nor 'an@x.example' " + "x" * 600
    found = read(a_report(TO, block("failed", "5.1.1", diagnostic)))
    assert found is not None
    said = found.recipients[0].diagnostic
    assert said.startswith("5.1.1 550 no such user … nor '…' xxx")
    assert "@" not in said
    assert len(said) == 500


def test_without_a_reason_there_is_the_code_or_a_sentence() -> None:
    for status, said in (("5.2.2", "5.2.2"), ("", "The mail came back.")):
        found = read(a_report(TO, block("failed", status)))
        assert found is not None
        assert found.recipients[0].diagnostic == said


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_without_a_return_path_the_returned_head_names_the_mail(kind: str) -> None:
    returned = f"From: no-reply@e-contracting.example\nMessage-ID: {MAIL.message_id}\nSubject: iets\n"
    report = a_report("no-reply@e-contracting.example", block("failed", "5.1.1"), returned=returned, returned_type=kind)
    found = read(report)
    assert found is not None
    assert (found.delivery_id, found.message_id) == (None, MAIL.message_id)


def test_the_envelopes_recipient_may_be_told_beside_the_mail() -> None:
    found = read(a_report("undisclosed-recipients:;", block("failed", "5.1.1")), TO)
    assert found is not None
    assert found.delivery_id == 7


def test_other_forms_of_failure_count_where_the_return_path_names_the_mail() -> None:
    found = read(QMAIL.format(to=TO).encode())
    assert found is not None
    assert [each.action for each in found.recipients] == [ReportedAction.FAILED]
    assert read(QMAIL.format(to="no-reply@e-contracting.example").encode()) is None


@pytest.mark.parametrize(
    "content",
    [
        a_report("no-reply@e-contracting.example", block("failed", "5.1.1")),
        a_report(TO),
        a_report(TO, block("vanished", "5.1.1")),
        an_answer(TO, "Ik ben met vakantie.", Auto_Submitted="auto-replied"),
        an_answer(TO, "Unknown user: dat ben ik", X_Autoreply="yes", Return_Path="<>"),
        an_answer(TO, "550 5.1.1 user unknown", Return_Path="<els@werken.example>"),
        an_answer(TO, "Bedankt!"),
        b"",
        b"\xff\xfe\x00 no mail at all",
        b"Content-Type: multipart/report; report-type=delivery-status\n\nno parts",
        b"Content-Type: message/delivery-status\n\nAction",
    ],
)
def test_what_is_no_report_about_a_mail_of_ours_is_none(content: bytes) -> None:
    assert read(content) is None


def test_a_receipt_and_a_complaint_are_none() -> None:
    for kind, report_type in (
        ("message/disposition-notification", "disposition-notification"),
        ("message/feedback-report", "feedback-report"),
    ):
        content = a_report(TO, block("failed", "5.1.1")).decode()
        content = content.replace("message/delivery-status", kind).replace("delivery-status", report_type)
        assert read(content.encode()) is None
