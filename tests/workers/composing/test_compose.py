"""The composed mail: its headers, its two bodies, and values that try to inject headers."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from mail_templates import render
from settings import settings
from tests.conftest import Environment
from tests.mail_templates.notification_examples import DOCUMENT
from workers.composing.compose import UnusableAddressError, compose
from workers.composing.mail import Mail

MAIL = Mail(
    delivery_id=7,
    sending=2,
    address="werf@werken.example",
    message_id="<0123456789abcdef@e-contracting.vlaanderen.be>",
    dated_at=datetime(2026, 11, 23, 10, 0, 30, 500, UTC),
    facts=DOCUMENT,
)

pytestmark = pytest.mark.usefixtures("environment")


def composed(mail: Mail) -> EmailMessage:
    return message_from_bytes(compose(mail, settings()).content, policy=default)


def test_the_headers() -> None:
    mail = composed(MAIL)
    assert mail["From"] == "Departement Mobiliteit en Openbare Werken <no-reply@e-contracting.vlaanderen.be>"
    assert mail["To"] == "werf@werken.example"
    assert mail["Reply-To"] == "e-contracting@vlaanderen.be"
    assert mail["Subject"] == "Nieuw dossierstuk ontvangen voor opdracht MOW/AWV/2026/0042"
    assert mail["Date"] == "Mon, 23 Nov 2026 10:00:30 +0000"
    assert mail["Message-ID"] == "<0123456789abcdef@e-contracting.vlaanderen.be>"
    assert mail["List-Id"] == "e-Contracting <notifications.e-contracting.vlaanderen.be>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "nl"
    assert not any(name in mail for name in ("Cc", "Bcc"))


def test_a_plain_text_body_and_an_html_body() -> None:
    mail = composed(MAIL)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    text, html = (part.get_content() for part in mail.iter_parts())
    assert text.startswith("Agentschap Wegen en Verkeer heeft een nieuw dossierstuk bezorgd")
    assert html.startswith("<!DOCTYPE html>")


def test_lines_are_short_and_ascii_whatever_a_title_contains() -> None:
    facts = replace(DOCUMENT, contract_title="Ünïcödé — 雪 " * 200, contract_number="№ 1/é")
    content = compose(replace(MAIL, facts=facts), settings()).content
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_same_delivery_is_composed_to_the_same_octets_every_time() -> None:
    first, second = (compose(MAIL, settings()).content for _ in range(2))
    assert first == second


def test_a_display_name_with_commas_quotes_and_non_ascii_letters(environment: Environment) -> None:
    environment.set(MAIL_FROM_NAME='Dienst "Wegen", Économie')
    assert composed(MAIL)["From"].addresses[0].display_name == 'Dienst "Wegen", Économie'


def test_an_internationalised_domain_is_encoded_in_ascii() -> None:
    mail_object = compose(replace(MAIL, address="post@bücher.example"), settings())
    assert (mail_object.recipient, mail_object.mail_parameters) == ("post@xn--bcher-kva.example", ())
    assert mail_object.content.isascii()


@pytest.mark.parametrize("text", ["👷🏽 Werf “Noord”", "شركة البناء", "Économie"])
def test_a_subject_in_any_script_is_decoded_as_it_was(text: str) -> None:
    facts = replace(DOCUMENT, contract_number=text)
    assert composed(replace(MAIL, facts=facts))["Subject"] == render(facts).subject


def test_a_non_ascii_local_part_needs_smtputf8() -> None:
    with pytest.raises(UnusableAddressError, match="SMTPUTF8"):
        compose(replace(MAIL, address="zoë@werken.example"), settings())
    mail_object = compose(replace(MAIL, address="zoë@werken.example"), settings(), {"SMTPUTF8", "8BITMIME"})
    assert (mail_object.recipient, mail_object.mail_parameters) == ("zoë@werken.example", ("SMTPUTF8", "BODY=8BITMIME"))
    assert "To: zoë@werken.example\r\n".encode() in mail_object.content


@pytest.mark.parametrize(
    "address",
    [None, "", "geen adres", "@werken.example", "werf@", "werf@werken.example\r\nBcc: x@y.example", "a\r\nb@y.example",
     "werf@werken.example, x@y.example", "werf@werken.example> x", "werf@-x-.example"],
)  # fmt: skip
def test_an_invalid_address_is_refused(address: str | None) -> None:
    with pytest.raises(UnusableAddressError):
        compose(replace(MAIL, address=address), settings())


@pytest.mark.parametrize("field", ["contract_number", "contract_title", "own_reference", "authority", "organisation"])
def test_a_fact_cannot_inject_a_header(field: str) -> None:
    injection: dict[str, Any] = {field: "x\r\nBcc: iedereen@kwaad.example\r\n\r\nTweede"}
    mail = composed(replace(MAIL, facts=replace(DOCUMENT, **injection)))
    assert "Bcc" not in mail
    assert len(mail.get_all("Subject", [])) == 1
