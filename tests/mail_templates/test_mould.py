"""What is written once, and filled in for each mail."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from domain.models.notification import NotificationLevel
from domain.models.user import Language
from mail_templates.mould import TEXT, Mould, Named, Reading, named_places


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
    reading = Reading(FACTS, Language.NL)
    assert reading.texts == ["Titel", "An", "26 november 2026", "Bo", "1 december 2026"]
    line = Named((("name", TEXT), ("day", TEXT)))
    assert reading.shape == Named(
        (("level", NotificationLevel.GROUP), ("title", TEXT), ("days", 7), ("lines", (line, line)))
    )


def test_facts_that_say_something_else_have_the_same_shape() -> None:
    other = replace(FACTS, title="Iets anders")
    assert Reading(other, Language.NL).shape == Reading(FACTS, Language.NL).shape


@pytest.mark.parametrize(
    "other",
    [replace(FACTS, title=None), replace(FACTS, days=1), replace(FACTS, lines=()),
     replace(FACTS, level=NotificationLevel.USER)],
)  # fmt: skip
def test_what_words_depend_on_is_part_of_the_shape(other: Facts) -> None:
    assert Reading(other, Language.NL).shape != Reading(FACTS, Language.NL).shape


def test_a_mould_is_filled_in() -> None:
    reading = Reading(FACTS, Language.EN)
    places = named_places(reading.shape)
    written = f"{places['title']}: {places['lines'][1]['name']}, {places['lines'][0]['day']}; {places['title']}!"
    assert Mould.of(written).filled(reading.texts) == "Titel: Bo, 26 November 2026; Titel!"


def test_what_is_no_fact_is_an_error() -> None:
    with pytest.raises(TypeError, match="list is no kind of fact"):
        Reading([1], Language.NL)
