"""Validation and normalisation of texts, telephone numbers and e-mail addresses."""

import pytest

from domain.refusals import EmailAddressInvalid, Findings, PhoneInvalid, Refusals, TextNotPlain
from domain.text_fields import optional_email, optional_phone, required_text


def normalise(text: str | None) -> str | None:
    """Normalises a telephone number; raises what is wrong with it."""
    findings = Findings()
    number = optional_phone(findings, text, "phone")
    findings.raise_if_any()
    return number


@pytest.mark.parametrize(
    "text",
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
def test_a_belgian_number_in_any_usual_notation_is_one_number(text: str):
    assert normalise(text) == "+32 2 553 17 00"


@pytest.mark.parametrize(
    ("text", "normalised"),
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
def test_mobile_toll_free_and_foreign_numbers_are_normalised(text: str, normalised: str):
    assert normalise(text) == normalised


@pytest.mark.parametrize("text", ["+32 2 553 17 00", "+32 470 12 34 56", "+32 2 553 17 00 ext. 12", "+352 123456"])
def test_a_normalised_number_is_unchanged(text: str):
    assert normalise(text) == text


def test_no_number_stays_none():
    assert normalise(None) is None


@pytest.mark.parametrize(
    "text",
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
def test_an_invalid_number_is_refused_with_an_example_of_a_valid_one(text: str):
    with pytest.raises(Refusals) as raised:
        normalise(text)
    [refusal] = raised.value.refusals
    assert isinstance(refusal, PhoneInvalid)
    assert refusal.path == ("phone",)
    assert "+32 2 553 17 00" in refusal.message


def test_line_ends_of_windows_are_normalised():
    findings = Findings()
    assert (
        required_text(findings, " Beste,\r\n\r\nTot maandag.\r\n", "body", multiline=True) == "Beste,\n\nTot maandag."
    )
    assert findings.refusals == ()


@pytest.mark.parametrize(
    ("text", "multiline"),
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
def test_control_characters_and_bidirectional_overrides_are_refused(text: str, *, multiline: bool):
    findings = Findings()
    required_text(findings, text, "body", multiline=multiline)
    assert [type(refusal) for refusal in findings.refusals] == [TextNotPlain]


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u0634\u0631\u0648\u0639 \u0627\u0644\u0637\u0631\u064a\u0642",
        "\u05d2\u05e9\u05e8 12\u200e (\u05e6\u05e4\u05d5\u05df)",
        "Werf \u200f\u05d0\u05e9\u05d3\u05d5\u05d3",
        "\u067e\u0631\u0648\u0698\u0647\u200c\u0647\u0627",
        "\U0001f477\u200d\u2640\ufe0f \U0001f3d7\ufe0f",
    ],
)
def test_right_to_left_scripts_and_joiners_are_accepted(text: str):
    findings = Findings()
    assert required_text(findings, text, "title") == text
    assert findings.refusals == ()


@pytest.mark.parametrize(("length", "refusals"), [(64, []), (65, [EmailAddressInvalid])])
def test_an_address_with_a_local_part_over_64_octets_is_refused(length: int, refusals: list[type]):
    findings = Findings()
    optional_email(findings, "a" * length + "@aannemer.example", "email")
    assert [type(refusal) for refusal in findings.refusals] == refusals
