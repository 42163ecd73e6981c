"""MIME encoding, decoded by the standard library: a round trip for any text (RFC 2045, 2047, 5321, 5322)."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from local.mailbox.conformance import IncomingMail, find_violation
from workers.composing.compose import MailObject, mailbox
from workers.composing.mime import encode_headers, encode_text_header, multipart_alternative

OTHER_HEADERS = (
    b"From: no-reply@e-contracting.example\r\nDate: Mon, 23 Nov 2026 10:00:30 +0000\r\nMessage-ID: <1@x.example>\r\n"
)
ODD = [
    "\r",
    "\n",
    "\r\n",
    ".",
    "\r\n.\r\n",
    "=",
    "=?utf-8?q?x?=",
    "\0",
    "é",
    "👷🏽",
    "שלום",
    "\u202e",
    " ",
    "\t",
    "From ",
    "-",
    "\x85",
    "\u2028",
    '"',
    "\\",
    "<b>",
]
TEXTS = st.lists(
    st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=30
).map("".join)
WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12)
VISIBLE = [each for each in ODD if each.isprintable()]
TITLES = st.lists(st.sampled_from(VISIBLE) | WORDS, max_size=30).map(lambda words: " ".join(" ".join(words).split()))


def parse(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)


def lines_of(text: str) -> list[str]:
    """The lines of a text, whatever their line ends."""
    return re.split(r"\r\n|\r|\n", text)


@given(text=TEXTS, html=TEXTS, eight_bit=st.booleans())
@example(text="." * 3000, html="é" * 999, eight_bit=True)
@example(text="x" * 998, html="x" * 999, eight_bit=False)
@example(text="", html="\n", eight_bit=True)
def test_both_bodies_are_decoded_as_they_were(text: str, html: str, *, eight_bit: bool) -> None:
    content = multipart_alternative(OTHER_HEADERS, text, html, "seed", eight_bit=eight_bit)
    mail = parse(content)
    assert mail.get_content_type() == "multipart/alternative"
    text_part, html_part = mail.iter_parts()
    assert (text_part.get_content_type(), html_part.get_content_type()) == ("text/plain", "text/html")
    assert lines_of(text_part.get_content()) == lines_of(text)
    assert lines_of(html_part.get_content()) == lines_of(html)
    assert not [part.defects for part in mail.walk() if part.defects]


@given(text=TEXTS, html=TEXTS, eight_bit=st.booleans())
def test_a_strict_server_accepts_the_mail(text: str, html: str, *, eight_bit: bool) -> None:
    content = multipart_alternative(OTHER_HEADERS, text, html, "seed", eight_bit=eight_bit)
    mail = IncomingMail(content, "a@x.example", ("b@y.example",), smtputf8=False, eight_bit_mime=eight_bit)
    assert find_violation(mail) is None


@given(text=TEXTS)
def test_dots_at_the_start_of_a_line_are_doubled_so_that_only_the_last_one_ends_the_mail(text: str) -> None:
    content = multipart_alternative(OTHER_HEADERS, text, text, "seed", eight_bit=True)
    stuffed = MailObject("a@x.example", "b@y.example", content).dot_stuffed_content
    assert stuffed.index(b"\r\n.\r\n") == len(stuffed) - 5
    assert stuffed[:-3].replace(b"\r\n..", b"\r\n.") == content


@given(title=TITLES)
@example(title="Nouveau document reçu pour le marché MOW/AWV/2026/0042")
@example(title="Nieuw dossierstuk ontvangen voor opdracht " + "MOW/AWV/2026/0042 " * 20 + "einde")
@example(title="x" * 2000)
@example(title="é" * 500)
@example(title="a =?utf-8?q?Bcc=3A?= b")
def test_a_subject_is_decoded_as_it_was(title: str) -> None:
    field = encode_text_header("Subject", title)
    assert field.isascii()
    assert max(map(len, field.split(b"\r\n"))) <= 78
    assert parse(field + OTHER_HEADERS + b"\r\n")["Subject"] == title


@given(title=TEXTS)
def test_a_subject_is_one_header_whatever_it_contains(title: str) -> None:
    mail = parse(encode_text_header("Subject", title + "\r\nBcc: x@kwaad.example") + OTHER_HEADERS + b"\r\n")
    assert sorted(mail.keys()) == ["Date", "From", "Message-ID", "Subject"]


@pytest.mark.parametrize(
    "name",
    ['Dienst "Wegen", Économie', "שלום עולם", "👷🏽 Werf", "a\\b", "Departement Mobiliteit en Openbare Werken " * 4],
)
def test_a_display_name_is_decoded_as_it_was(name: str) -> None:
    message = EmailMessage(policy=SMTP)
    message["From"] = mailbox("no-reply@e-contracting.example", name)
    headers = encode_headers(message)
    assert headers.isascii()
    assert max(map(len, headers.split(b"\r\n"))) <= 78
    [sender] = parse(headers + b"\r\n")["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name.strip(), "no-reply@e-contracting.example")


@pytest.mark.parametrize(
    ("text", "eight_bit", "encoding"),
    [
        ("Dag\n", True, "7bit"),
        ("Dag\n", False, "7bit"),
        ("Één\n", True, "8bit"),
        ("Één dossierstuk over de werken\n", False, "quoted-printable"),
        ("שלום\n", False, "base64"),
        ("x" * 999, True, "quoted-printable"),
        ("a\0b", True, "quoted-printable"),
        ("é" * 600, True, "base64"),
    ],
)
def test_a_body_has_the_least_transfer_encoding_it_needs(text: str, encoding: str, *, eight_bit: bool) -> None:
    text_part, _ = parse(multipart_alternative(OTHER_HEADERS, text, "", "seed", eight_bit=eight_bit)).iter_parts()
    assert text_part["Content-Transfer-Encoding"] == encoding


def test_the_same_seed_gives_the_same_mail_and_another_seed_another_boundary() -> None:
    first, same_seed, other_seed = (
        multipart_alternative(OTHER_HEADERS, "a", "b", seed, eight_bit=True) for seed in ("<1@x>", "<1@x>", "<2@x>")
    )
    assert first == same_seed
    assert first != other_seed
