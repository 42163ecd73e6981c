"""Messages in the reader's language, with their facts formatted."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_decimal

from domain.models import Role, Theme
from wording import LOCALES, text, translations

DAY_FORMAT: Final = "dd.MM.yyyy"
"""The format of days, the same in every language."""
_ROLE_NAMES: Final = {Role.ADMINISTRATOR: "Administrator", Role.USER: "User"}
"""Message ids, in the context of mails."""


def localised_message(language: str, message: str, facts: Mapping[str, Any]) -> str:
    """The message in a language, with its facts formatted for its readers.

    Args:
        language: `nl`, `fr`, `en` or `de`.
        message: The English message, with `{names}` of facts.
        facts: Values by name: days, numbers, roles, themes, lists of those, and strings.
    """
    return text(language, message, **_formatted_facts(facts, language))


def _formatted_facts(facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The facts formatted: 22.11.2030 for a day, 12.345 for a number, themes and roles by name."""

    def formatted(fact: Any) -> Any:
        if isinstance(fact, date):
            return format_date(fact, DAY_FORMAT, locale="nl_BE")
        if isinstance(fact, int | float):
            return format_decimal(fact, locale=LOCALES[language])
        if isinstance(fact, Role):
            return translations(language).pgettext("mail", _ROLE_NAMES[fact])
        if isinstance(fact, list):
            return ", ".join(map(formatted, fact))
        return getattr(fact, f"name_{language}") if isinstance(fact, Theme) else fact

    return {name: formatted(fact) for name, fact in facts.items()}
