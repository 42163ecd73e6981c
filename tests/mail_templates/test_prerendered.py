"""Mails that are rendered once, and filled in for each recipient."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from domain.models.notification import NotificationLevel
from domain.models.user import Language
from mail_templates.prerendered import TEXT, FlattenedFacts, NamedShape, PrerenderedText, with_placeholders


@dataclass(frozen=True)
class Line:
    name: str
    day: date


@dataclass(frozen=True)
class Facts:
    level: NotificationLevel
    title: str | None
    days: int
    lines: tuple[Line, ...] = ()


FACTS = Facts(NotificationLevel.GROUP, "Titel", 7, (Line("An", date(2026, 11, 26)), Line("Bo", date(2026, 12, 1))))


def test_facts_are_a_shape_and_texts() -> None:
    flattened = FlattenedFacts(FACTS, Language.NL)
    assert flattened.texts == ["Titel", "An", "26 november 2026", "Bo", "1 december 2026"]
    line = NamedShape((("name", TEXT), ("day", TEXT)))
    assert flattened.shape == NamedShape(
        (("level", NotificationLevel.GROUP), ("title", TEXT), ("days", 7), ("lines", (line, line)))
    )


def test_facts_with_other_texts_have_the_same_shape() -> None:
    other = replace(FACTS, title="Iets anders")
    assert FlattenedFacts(other, Language.NL).shape == FlattenedFacts(FACTS, Language.NL).shape


@pytest.mark.parametrize(
    "other",
    [replace(FACTS, title=None), replace(FACTS, days=1), replace(FACTS, lines=()),
     replace(FACTS, level=NotificationLevel.USER)],
)  # fmt: skip
def test_what_the_words_depend_on_is_part_of_the_shape(other: Facts) -> None:
    assert FlattenedFacts(other, Language.NL).shape != FlattenedFacts(FACTS, Language.NL).shape


def test_a_prerendered_text_is_filled_in() -> None:
    flattened = FlattenedFacts(FACTS, Language.EN)
    facts = with_placeholders(flattened.shape)
    text = f"{facts['title']}: {facts['lines'][1]['name']}, {facts['lines'][0]['day']}; {facts['title']}!"
    assert PrerenderedText.parse(text).fill(flattened.texts) == "Titel: Bo, 26 November 2026; Titel!"


def test_an_unsupported_type_of_fact_is_an_error() -> None:
    with pytest.raises(TypeError, match="list is no kind of fact"):
        FlattenedFacts([1], Language.NL)
