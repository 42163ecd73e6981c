"""Texts that users entered, sanitised."""

import pytest
from markupsafe import Markup

from mail_templates.sanitising import isolate_markup, isolate_text, to_single_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" a\r\n\tb\x0b\u2029c  d\u200f\u2066e ", "a b c de"),
        ("twee\x00delen\x85hier\x7f", "twee delen hier"),
        ("een\u200d👷\ufe0f", "een\u200d👷\ufe0f"),
        ("", ""),
    ],
)
def test_text_becomes_a_single_line(text: str, line: str) -> None:
    assert to_single_line(text) == line


@pytest.mark.parametrize("text", ["שלום", "مرحبا", "ab سلام 12", "\U0001e900"])
def test_right_to_left_text_is_isolated(text: str) -> None:
    assert isolate_text(text) == f"\u2068{text}\u2069"
    assert isolate_markup(text) == Markup("<bdi>{}</bdi>").format(text)


def test_left_to_right_text_is_not_isolated() -> None:
    assert isolate_text("Ünï 雪 & Жд") == "Ünï 雪 & Жд"
    assert isolate_markup("Ünï 雪 & Жд") == Markup("Ünï 雪 &amp; Жд")


def test_markup_in_text_is_escaped() -> None:
    assert isolate_markup("<b>ב</b>") == Markup("<bdi>&lt;b&gt;ב&lt;/b&gt;</bdi>")
