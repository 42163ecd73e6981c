"""Every text of the mails has its translation, with the same facts in it."""

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
WORDS = ("_", "gettext", "ngettext", "pgettext", "npgettext")
FACT = re.compile(r"%\((\w+)\)s")
TRANSLATED = [language for language in wording.LANGUAGES if language != "en"]

Text = tuple[str | None, str, str | None]
"""Context, text, plural."""


def texts() -> set[Text]:
    found: set[Text] = set()
    for path in [*TEMPLATES.rglob("*.txt"), *TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.jinja")]:
        with path.open("rb") as file:
            for _, function, said, _ in babel_extract(file, WORDS, (), {"trimmed": "true"}):
                found.add(_told(function, said))
    return found


def _told(function: str, said: Any) -> Text:
    if function == "pgettext":
        return said[0], said[1], None
    if function == "ngettext":
        return None, said[0], said[1]
    if function == "npgettext":
        return said[0], said[1], said[2]
    return None, said, None


def catalogue(language: str) -> dict[Text, tuple[str, ...]]:
    with (CATALOGUES / language / "mails.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    answer: dict[Text, tuple[str, ...]] = {}
    for message in messages:
        said, plural = (message.id, None) if isinstance(message.id, str) else message.id
        translated = message.string or ()
        answer[message.context, said, plural] = (translated,) if isinstance(translated, str) else tuple(translated)
    return answer


def test_there_are_texts_to_find() -> None:
    assert (None, "New contract available", None) in texts()
    assert len(texts()) > 20


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_missing_and_nothing_is_left_over(language: str) -> None:
    known = catalogue(language)
    assert texts() == set(known)
    assert all(all(each.strip() for each in translated) for translated in known.values())


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_names_the_same_facts(language: str) -> None:
    for (_, said, plural), translated in catalogue(language).items():
        named = set(FACT.findall(said))
        assert named == set(FACT.findall(plural or said))
        assert all(set(FACT.findall(each)) == named for each in translated)
