"""Texts and telephone numbers as people and systems write them, kept in one form."""

import pytest

from domain.refusals import EmailAddressInvalid, Findings, PhoneInvalid, Refusals, TextNotPlain
from domain.text_fields import optional_email, optional_phone, required_text


def read(given: str | None) -> str | None:
    """The number; what is wrong with it is raised."""
    findings = Findings()
    number = optional_phone(findings, given, "phone")
    findings.raise_if_any()
    return number


@pytest.mark.parametrize(
    "given",
    [
        "02 553 17 00",
        "02/553.17.00",
        "(02) 553 17 00",
        "02-553-17-00",
        "025531700",
        " 02 553 17 00\t",
        "0032 2 553 17 00",
        "00322 5531700",
        "+32 2 553 17 00",
        "+32 (0)2 553 17 00",
        "+3225531700",
        "tel:+32-2-553-17-00",
    ],
)
def test_a_belgian_number_in_any_usual_notation_is_one_number(given: str):
    assert read(given) == "+32 2 553 17 00"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0470 12 34 56", "+32 470 12 34 56"),
        ("0470/12.34.56", "+32 470 12 34 56"),
        ("0800 12 345", "+32 800 12 345"),
        ("02 553 17 00 ext. 12", "+32 2 553 17 00 ext. 12"),
        ("+31 20 123 4567", "+31 20 123 4567"),
        ("0031201234567", "+31 20 123 4567"),
        ("+33 1 23 45 67 89", "+33 1 23 45 67 89"),
        ("+352 12 34 56", "+352 123456"),
    ],
)
def test_mobile_free_and_foreign_numbers_are_read(given: str, kept: str):
    assert read(given) == kept


@pytest.mark.parametrize("given", ["+32 2 553 17 00", "+32 470 12 34 56", "+32 2 553 17 00 ext. 12", "+352 123456"])
def test_what_is_kept_is_read_again_as_it_is(given: str):
    assert read(given) == given


def test_none_is_none():
    assert read(None) is None


@pytest.mark.parametrize(
    "given",
    [
        "",
        " ",
        "geen",
        "bel mij",
        "1700",
        "02 553 17",
        "02 553 17 00 00 00",
        "+999 123 45 67",
        "+32",
        "+32 2 553 17 00 of 02 553 11 11 of 02 553 22 22",
        "sofie@aannemer.example",
        "9" * 300,
        "\0",
    ],
)
def test_what_is_none_is_refused_with_what_would_be(given: str):
    with pytest.raises(Refusals) as told:
        read(given)
    [refusal] = told.value.refusals
    assert isinstance(refusal, PhoneInvalid)
    assert refusal.path == ("phone",)
    assert "+32 2 553 17 00" in refusal.message


def test_lines_may_end_as_they_do_on_windows():
    findings = Findings()
    assert (
        required_text(findings, " Beste,\r\n\r\nTot maandag.\r\n", "body", multiline=True) == "Beste,\n\nTot maandag."
    )
    assert findings.refusals == ()


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ("a\r\nb", False),
        ("a\nb", False),
        ("a\u2028b", False),
        ("a\u2029b", False),
        ("a\rb", True),
        ("a\x00b", True),
        ("Werf \u202ednoorD\u202c", False),
        ("\u2067Werf\u2069", False),
        ("Werf\n\u2066Noord", True),
    ],
)
def test_other_signs_that_nobody_sees_are_refused(given: str, *, lines: bool):
    findings = Findings()
    required_text(findings, given, "body", multiline=lines)
    assert [type(refusal) for refusal in findings.refusals] == [TextNotPlain]


@pytest.mark.parametrize(
    "given",
    [
        "\u0645\u0634\u0631\u0648\u0639 \u0627\u0644\u0637\u0631\u064a\u0642",
        "\u05d2\u05e9\u05e8 12\u200e (\u05e6\u05e4\u05d5\u05df)",
        "Werf \u200f\u05d0\u05e9\u05d3\u05d5\u05d3",
        "\u067e\u0631\u0648\u0698\u0647\u200c\u0647\u0627",
        "\U0001f477\u200d\u2640\ufe0f \U0001f3d7\ufe0f",
    ],
)
def test_writing_from_right_to_left_is_plain(given: str):
    findings = Findings()
    assert required_text(findings, given, "title") == given
    assert findings.refusals == ()


@pytest.mark.parametrize(("before_the_at", "refusals"), [(64, []), (65, [EmailAddressInvalid])])
def test_an_address_that_no_mail_server_would_take_is_refused(before_the_at: int, refusals: list[type]):
    findings = Findings()
    optional_email(findings, "a" * before_the_at + "@aannemer.example", "email")
    assert [type(refusal) for refusal in findings.refusals] == refusals
