"""Every text of the mails is translated, with the same placeholders."""

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import mail_templates
import wording

TEMPLATES = Path(mail_templates.__file__).parent
CATALOGUES = Path(wording.__file__).parent
GETTEXT_FUNCTIONS = ("_", "gettext", "ngettext", "pgettext", "npgettext")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TRANSLATED = [language for language in wording.LANGUAGES if language != "en"]

Text = tuple[str | None, str, str | None]
"""Context, singular, plural."""


def texts() -> set[Text]:
    texts_found: set[Text] = set()
    for path in [*TEMPLATES.rglob("*.txt"), *TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.jinja")]:
        with path.open("rb") as file:
            for _, function, forms, _ in babel_extract(file, GETTEXT_FUNCTIONS, (), {"trimmed": "true"}):
                texts_found.add(_context_and_forms(function, forms))
    return texts_found


def _context_and_forms(function: str, forms: Any) -> Text:
    if function == "pgettext":
        return forms[0], forms[1], None
    if function == "ngettext":
        return None, forms[0], forms[1]
    if function == "npgettext":
        return forms[0], forms[1], forms[2]
    return None, forms, None


def translations(language: str) -> dict[Text, tuple[str, ...]]:
    with (CATALOGUES / language / "mails.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    translated_texts: dict[Text, tuple[str, ...]] = {}
    for message in messages:
        singular, plural = (message.id, None) if isinstance(message.id, str) else message.id
        translated = message.string or ()
        translated_texts[message.context, singular, plural] = (
            (translated,) if isinstance(translated, str) else tuple(translated)
        )
    return translated_texts


def test_there_are_texts_to_find() -> None:
    assert (None, "New contract available", None) in texts()
    assert len(texts()) > 20


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_missing_or_unused(language: str) -> None:
    known = translations(language)
    assert texts() == set(known)
    assert all(all(each.strip() for each in translated) for translated in known.values())


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_same_placeholders(language: str) -> None:
    for (_, singular, plural), translated in translations(language).items():
        placeholders = set(PLACEHOLDER.findall(singular))
        assert placeholders == set(PLACEHOLDER.findall(plural or singular))
        assert all(set(PLACEHOLDER.findall(each)) == placeholders for each in translated)
