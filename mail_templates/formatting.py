"""Formats days and lists of names in each language, as is usual in Belgium."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from babel.dates import format_date
from babel.lists import format_list

from domain.models.user import Language
from wording import LOCALES

_FRENCH_FIRST_OF_MONTH: Final = "d'er' MMMM y"


def format_day(day: date, language: Language) -> str:
    """The day with the name of the month: 31 december 2027."""
    pattern = _FRENCH_FIRST_OF_MONTH if language is Language.FR and day.day == 1 else "long"
    return format_date(day, pattern, locale=LOCALES[language.lower()])


def format_names(names: Sequence[str], language: Language) -> str:
    """The names as an enumeration in a sentence: a, b en c."""
    return format_list(names, locale=LOCALES[language.lower()])
