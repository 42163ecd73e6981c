"""Every message has its words in every language: none is missing, none is left over, and their facts are the same."""

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


def words(language: str, name: str) -> dict[str, str]:
    """What each message of a catalogue is in its language; nothing where the words are still to be looked at."""
    found = [message for message in catalogue(language, name) if message.id]
    return {str(message.id): "" if message.fuzzy else str(message.string or "") for message in found}


def facts(message: str) -> Counter[str]:
    return Counter(field for _, field, _, _ in Formatter().parse(message) if field is not None)


def test_no_other_module_words_messages() -> None:
    # One that does brings messages that must be looked for here.
    modules = {"gql.audit_actions", "gql.explanations", "gql.localised_messages", "gql.schema.health"}
    assert wording_modules() == modules


def test_there_are_messages_to_find() -> None:
    assert "This contract has ended and can only be read." in refusal_messages()
    assert len(refusal_messages()) > 30
    assert "No group is linked to the contract." in explanation_messages()
    assert len(explanation_messages()) > 15


@in_every_language
@in_every_catalogue
def test_none_is_missing_and_none_is_left_over(language: str, name: str) -> None:
    assert {message for message, translated in words(language, name).items() if translated} == MESSAGES[name]()
    assert all(words(language, name).values())
    assert not catalogue(language, name).obsolete


@in_every_language
@in_every_catalogue
def test_facts_stay_what_they_are(language: str, name: str) -> None:
    for message, translated in words(language, name).items():
        assert facts(translated) == facts(message)


@in_every_language
@in_every_catalogue
def test_a_catalogue_says_which_language_it_is_in(language: str, name: str) -> None:
    assert str(catalogue(language, name).locale) == language


@in_every_language
def test_no_message_has_words_twice(language: str) -> None:
    # All catalogues of a language are read into one.
    files = [catalogue(language, path.stem) for path in sorted((FOLDER / language).glob("*.po"))]
    times = Counter((message.id, message.context) for file in files for message in file if message.id)
    assert [key for key, count in times.items() if count > 1] == []
