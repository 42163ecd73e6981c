"""What the API may answer to whatever comes: never a failure of ours, and always something that a program can read."""

from typing import Any, Final

from httpx import Response

OF_CLIENTS: Final = frozenset({"BAD_INPUT", "TOO_EXPENSIVE", "RATE_LIMITED", "UNAUTHENTICATED"})
REFUSED: Final = frozenset({400, 404, 405, 406, 413, 415, 422})


def payloads_of(response: Response, about: Any) -> list[dict[str, Any]]:
    """The objects of an answer that is no failure of ours; `about` is told when it is one."""
    assert response.status_code in {200} | REFUSED, (about, response.status_code, response.text[:500])
    told = response.json()
    codes = {error["extensions"]["code"] for error in told.get("errors", [])}
    assert codes <= OF_CLIENTS, (about, told)
    payloads = [each for each in (told.get("data") or {}).values() if isinstance(each, dict)]
    for error in (error for payload in payloads for error in payload.get("errors") or []):
        assert error.get("refusal") != "UNEXPECTED", (about, told)
    return payloads
