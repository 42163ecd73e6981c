"""Checks on responses to hostile requests: never an internal error, always a body that a program can parse."""

from typing import Any, Final

from httpx import Response

CLIENT_ERROR_CODES: Final = frozenset({"BAD_INPUT", "TOO_EXPENSIVE", "RATE_LIMITED", "UNAUTHENTICATED"})
CLIENT_ERROR_STATUSES: Final = frozenset({400, 404, 405, 406, 413, 415, 422})


def payloads_of(response: Response, request: Any) -> list[dict[str, Any]]:
    """The payloads of a response that must not be an internal error; `request` is shown if it is one."""
    assert response.status_code in {200} | CLIENT_ERROR_STATUSES, (request, response.status_code, response.text[:500])
    body = response.json()
    codes = {error["extensions"]["code"] for error in body.get("errors", [])}
    assert codes <= CLIENT_ERROR_CODES, (request, body)
    payloads = [value for value in (body.get("data") or {}).values() if isinstance(value, dict)]
    for error in (error for payload in payloads for error in payload.get("errors") or []):
        assert error.get("refusal") != "UNEXPECTED", (request, body)
    return payloads
