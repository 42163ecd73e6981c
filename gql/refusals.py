"""Refusals of the domain as the API's errors, in the reader's language; whatever nobody expected is masked."""

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
DAY: Final = "dd.MM.yyyy"
"""How a day is written in every language of ours."""
_ROLES: Final = {Role.ADMINISTRATOR: "Administrator", Role.USER: "User"}
"""As mails call them."""


def worded(refusal: Refusal, language: str) -> Record:
    """The refusal as a row of `errors`; `error` says which type of error it is."""
    REFUSALS.labels(refusal.name()).inc()
    common = {
        "code": refusal.code,
        "refusal": refusal.name(),
        "message": in_words(language, refusal.message, refusal.facts),
        "path": list(refusal.path) or None,
    }
    return Record(**common, **_particulars(refusal))


def in_words(language: str, message: str, facts: Mapping[str, Any]) -> str:
    """The message in that language, with its facts filled in as its readers write them.

    Args:
        language: `nl`, `fr`, `en` or `de`.
        message: The English text, with `{names}` where facts belong.
        facts: What the names stand for: days, numbers, roles, themes, lists of those, and texts.
    """
    return text(language, message, **_readable(facts, language))


def _readable(facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The facts as people read them: 22.11.2030 for a day, 12.345 for a number, themes and roles by name."""

    def readable(fact: Any) -> Any:
        if isinstance(fact, date):
            return format_date(fact, DAY, locale="nl_BE")
        if isinstance(fact, int | float):
            return format_decimal(fact, locale=LOCALES[language])
        if isinstance(fact, Role):
            return translations(language).pgettext("mail", _ROLES[fact])
        if isinstance(fact, list):
            return ", ".join(map(readable, fact))
        return getattr(fact, f"name_{language}") if isinstance(fact, Theme) else fact

    return {name: readable(fact) for name, fact in facts.items()}


def _particulars(refusal: Refusal) -> dict[str, Any]:
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


def unexpected(request_id: str, language: str) -> Record:
    """What a mutation's payload says of a failure of ours: the request's id, and nothing else."""
    REFUSALS.labels(UNEXPECTED).inc()
    message = "Something went wrong on our side and nothing was changed. Give the helpdesk this number: {request_id}."
    return Record(
        error="FieldError",
        code=ErrorCode.UNAVAILABLE,
        refusal=UNEXPECTED,
        message=text(language, message, request_id=request_id),
        path=None,
    )
