"""Facts made harmless."""

import pytest
from markupsafe import Markup

from mail_templates.plain import isolated, isolated_markup, one_line


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (" a\r\n\tb\x0b\u2029c  d\u200f\u2066e ", "a b c de"),
        ("twee\x00delen\x85hier\x7f", "twee delen hier"),
        ("een\u200d👷\ufe0f", "een\u200d👷\ufe0f"),
        ("", ""),
    ],
)
def test_one_line(given: str, line: str) -> None:
    assert one_line(given) == line


@pytest.mark.parametrize("text", ["שלום", "مرحبا", "ab سلام 12", "\U0001e900"])
def test_what_runs_from_right_to_left_stands_apart(text: str) -> None:
    assert isolated(text) == f"\u2068{text}\u2069"
    assert isolated_markup(text) == Markup("<bdi>{}</bdi>").format(text)


def test_what_runs_from_left_to_right_stands_as_it_is() -> None:
    assert isolated("Ünï 雪 & Жд") == "Ünï 雪 & Жд"
    assert isolated_markup("Ünï 雪 & Жд") == Markup("Ünï 雪 &amp; Жд")


def test_markup_of_others_is_none() -> None:
    assert isolated_markup("<b>ב</b>") == Markup("<bdi>&lt;b&gt;ב&lt;/b&gt;</bdi>")
