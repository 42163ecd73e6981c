"""How each language writes a day and a list of names, as people in Belgium are used to."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from babel.dates import format_date
from babel.lists import format_list

from domain.models.user import Language
from wording import LOCALES

_FIRST_IN_FRENCH: Final = "d'er' MMMM y"


def long_day(day: date, language: Language) -> str:
    """The day with its month in letters: 31 december 2027."""
    pattern = _FIRST_IN_FRENCH if language is Language.FR and day.day == 1 else "long"
    return format_date(day, pattern, locale=LOCALES[language.lower()])


def listed(names: Sequence[str], language: Language) -> str:
    """Names as a sentence lists them: a, b en c."""
    return format_list(names, locale=LOCALES[language.lower()])
