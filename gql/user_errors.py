"""Refusals of the domain as rows of a payload's `errors` (`UserError`), in the reader's language."""

from typing import Any, Final

from domain.refusals import AlreadyDecided, ErrorCode, GroupNameInactive, Refusal, StaleVersion
from gql.localised_messages import localised_message
from gql.metrics import REFUSALS
from gql.reading.sources import Record

UNEXPECTED: Final = "UNEXPECTED"
"""The `refusal` of an unexpected failure."""


def user_error(refusal: Refusal, language: str) -> Record:
    """The refusal as a row of `errors`; the field `error` holds the name of its GraphQL type."""
    REFUSALS.labels(refusal.name()).inc()
    fields = {
        "code": refusal.code,
        "refusal": refusal.name(),
        "message": localised_message(language, refusal.message, refusal.facts),
        "path": list(refusal.path) or None,
    }
    return Record(**fields, **_type_specific_fields(refusal))


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
        message=localised_message(language, message, {"request_id": request_id}),
        path=None,
    )
