"""Days and lists, as each language writes them."""

from datetime import date

import pytest

from domain.models.user import Language
from mail_templates.formatting import format_day, format_names


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        (Language.NL, "1 maart 2027", "31 december 2027"),
        (Language.FR, "1er mars 2027", "31 décembre 2027"),
        (Language.EN, "1 March 2027", "31 December 2027"),
        (Language.DE, "1. März 2027", "31. Dezember 2027"),
    ],
)
def test_a_day(language: Language, first: str, last: str) -> None:
    assert format_day(date(2027, 3, 1), language) == first
    assert format_day(date(2027, 12, 31), language) == last


@pytest.mark.parametrize(
    ("language", "three"),
    [
        (Language.NL, "A, B en C"),
        (Language.FR, "A, B et C"),
        (Language.EN, "A, B and C"),
        (Language.DE, "A, B und C"),
    ],
)
def test_a_list(language: Language, three: str) -> None:
    assert format_names(["A", "B", "C"], language) == three
    assert format_names(["A"], language) == "A"
    assert format_names([], language) == ""
