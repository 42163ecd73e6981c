"""Every message is translated into every language: none is missing or unused, and placeholders are the same."""

from collections import Counter
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import wording
from tests.wording.messages import (
    audit_action_messages,
    error_messages,
    explanation_messages,
    health_messages,
    refusal_messages,
    wording_modules,
)

FOLDER = Path(wording.__file__).parent
TRANSLATED = [language for language in wording.LANGUAGES if language != "en"]
MESSAGES = {
    "audit_actions": audit_action_messages,
    "errors": error_messages,
    "refusals": refusal_messages,
    "explanations": explanation_messages,
    "health": health_messages,
}

in_every_language = pytest.mark.parametrize("language", TRANSLATED)
in_every_catalogue = pytest.mark.parametrize("name", MESSAGES)


def catalogue(language: str, name: str) -> Catalog:
    with (FOLDER / language / f"{name}.po").open("rb") as file:
        return read_po(file)


def translations(language: str, name: str) -> dict[str, str]:
    """The translation of each message of a catalogue; empty if it is fuzzy."""
    messages = [message for message in catalogue(language, name) if message.id]
    return {str(message.id): "" if message.fuzzy else str(message.string or "") for message in messages}


def placeholders(message: str) -> Counter[str]:
    return Counter(field for _, field, _, _ in Formatter().parse(message) if field is not None)


def test_no_other_module_translates_messages() -> None:
    # Another module would have messages that must be collected here.
    modules = {"gql.audit_actions", "gql.explanations", "gql.localised_messages", "gql.schema.health"}
    assert wording_modules() == modules


def test_there_are_messages_to_find() -> None:
    assert "This contract has ended and can only be read." in refusal_messages()
    assert len(refusal_messages()) > 30
    assert "No group is linked to the contract." in explanation_messages()
    assert len(explanation_messages()) > 15


@in_every_language
@in_every_catalogue
def test_no_translation_is_missing_or_unused(language: str, name: str) -> None:
    assert {message for message, translated in translations(language, name).items() if translated} == MESSAGES[name]()
    assert all(translations(language, name).values())
    assert not catalogue(language, name).obsolete


@in_every_language
@in_every_catalogue
def test_translations_have_the_same_placeholders(language: str, name: str) -> None:
    for message, translated in translations(language, name).items():
        assert placeholders(translated) == placeholders(message)


@in_every_language
@in_every_catalogue
def test_a_catalogue_names_its_language(language: str, name: str) -> None:
    assert str(catalogue(language, name).locale) == language


@in_every_language
def test_no_message_is_translated_twice(language: str) -> None:
    # All catalogues of a language are read into one.
    files = [catalogue(language, path.stem) for path in sorted((FOLDER / language).glob("*.po"))]
    counts = Counter((message.id, message.context) for file in files for message in file if message.id)
    assert [key for key, count in counts.items() if count > 1] == []
