"""Requests to the identity provider, and what becomes of their answers."""

from collections.abc import Mapping
from typing import Any, Final

import httpx

from identity.refusals import ProviderUnavailableError, UntrustedAnswerError

TIMEOUT: Final = httpx.Timeout(5.0)


def client() -> httpx.AsyncClient:
    """A client that waits at most five seconds, tries a lost connection once more, and follows no redirect."""
    return httpx.AsyncClient(timeout=TIMEOUT, transport=httpx.AsyncHTTPTransport(retries=1))


async def document(http: httpx.AsyncClient, address: str) -> Mapping[str, Any]:
    """The JSON object at an address.

    Raises:
        ProviderUnavailableError: There is none.
    """
    return _object(await _sent(http, http.build_request("GET", address)))


async def posted(
    http: httpx.AsyncClient, address: str, form: Mapping[str, str], credentials: httpx.Auth | None
) -> Mapping[str, Any]:
    """The JSON object that answers a form.

    Raises:
        UntrustedAnswerError: The form was refused; the protocol's code says why.
        ProviderUnavailableError: There was no answer.
    """
    response = await _sent(http, http.build_request("POST", address, data=dict(form)), credentials)
    answer = _object(response, refusals=True)
    if response.status_code != httpx.codes.OK:
        raise UntrustedAnswerError(f"token endpoint: {answer.get('error')}")
    return answer


async def _sent(http: httpx.AsyncClient, request: httpx.Request, auth: httpx.Auth | None = None) -> httpx.Response:
    try:
        return await http.send(request, auth=auth)
    except httpx.HTTPError as error:
        raise ProviderUnavailableError(f"{request.url.host}: {_explained(error)}") from error


def _explained(error: httpx.HTTPError) -> str:
    """What went wrong, for the operator: of a lost connection why, of a strange answer nothing that stands in it."""
    said = str(error) if isinstance(error, httpx.NetworkError) else ""
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _object(response: httpx.Response, *, refusals: bool = False) -> Mapping[str, Any]:
    expected = response.status_code == httpx.codes.OK or (refusals and response.is_client_error)
    try:
        content = response.json() if expected else None
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise ProviderUnavailableError(f"{response.url.host}: answer {response.status_code} without a document")
    return content
