"""Refusals of the domain as rows of a payload's `errors` (`UserError`), in the reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_decimal

from domain.models import Role, Theme
from domain.refusals import AlreadyDecided, ErrorCode, GroupNameInactive, Refusal, StaleVersion
from gql.metrics import REFUSALS
from gql.reading.sources import Record
from wording import LOCALES, text, translations

UNEXPECTED: Final = "UNEXPECTED"
DAY_FORMAT: Final = "dd.MM.yyyy"
"""The same in every language."""
_ROLE_NAMES: Final = {Role.ADMINISTRATOR: "Administrator", Role.USER: "User"}
"""Message ids, in the context of mails."""


def user_error(refusal: Refusal, language: str) -> Record:
    """The refusal as a row of `errors`; the field `error` holds the name of its GraphQL type."""
    REFUSALS.labels(refusal.name()).inc()
    fields = {
        "code": refusal.code,
        "refusal": refusal.name(),
        "message": localized(language, refusal.message, refusal.facts),
        "path": list(refusal.path) or None,
    }
    return Record(**fields, **_type_specific_fields(refusal))


def localized(language: str, message: str, facts: Mapping[str, Any]) -> str:
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


def _type_specific_fields(refusal: Refusal) -> dict[str, Any]:
    facts = refusal.facts
    if isinstance(refusal, StaleVersion):
        return {"error": "StaleVersionError", "current_version": facts["version"], "current": facts["current"]}
    if isinstance(refusal, GroupNameInactive):
        return {"error": "InactiveGroupError", "inactive_group": facts["group"], "choices": list(facts["choices"])}
    if isinstance(refusal, AlreadyDecided):
        return {
            "error": "AlreadyDecidedError",
            "task": facts["task"],
            "decided_by": facts["decided_by"],
            "decided_at": facts["decided_at"],
        }
    return {"error": "FieldError"}


def unexpected_error(request_id: str, language: str) -> Record:
    """The error for an unexpected failure in a mutation: the request's id and no detail."""
    REFUSALS.labels(UNEXPECTED).inc()
    message = "Something went wrong on our side and nothing was changed. Give the helpdesk this number: {request_id}."
    return Record(
        error="FieldError",
        code=ErrorCode.UNAVAILABLE,
        refusal=UNEXPECTED,
        message=text(language, message, request_id=request_id),
        path=None,
    )
