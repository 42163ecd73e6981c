"""HTTP requests to the identity provider."""

from collections.abc import Mapping
from typing import Any, Final

import httpx

from identity.refusals import ProviderUnavailableError, UntrustedResponseError

TIMEOUT: Final = httpx.Timeout(5.0)


def create_client() -> httpx.AsyncClient:
    """A client with a timeout of five seconds, that retries a lost connection once and follows no redirect."""
    return httpx.AsyncClient(timeout=TIMEOUT, transport=httpx.AsyncHTTPTransport(retries=1))


async def get_json(http: httpx.AsyncClient, url: str) -> Mapping[str, Any]:
    """The JSON object at a URL.

    Raises:
        ProviderUnavailableError: There is no response with one.
    """
    return _json_object(await _send(http, http.build_request("GET", url)))


async def post_form(
    http: httpx.AsyncClient, url: str, form: Mapping[str, str], credentials: httpx.Auth | None
) -> Mapping[str, Any]:
    """The JSON object in the response to a form.

    Raises:
        UntrustedResponseError: The form was refused; the message has the error code.
        ProviderUnavailableError: There was no response.
    """
    response = await _send(http, http.build_request("POST", url, data=dict(form)), credentials)
    content = _json_object(response, client_errors=True)
    if response.status_code != httpx.codes.OK:
        raise UntrustedResponseError(f"token endpoint: {content.get('error')}")
    return content


async def _send(http: httpx.AsyncClient, request: httpx.Request, auth: httpx.Auth | None = None) -> httpx.Response:
    try:
        return await http.send(request, auth=auth)
    except httpx.HTTPError as error:
        raise ProviderUnavailableError(f"{request.url.host}: {_describe(error)}") from error


def _describe(error: httpx.HTTPError) -> str:
    """The error for the operator: of a lost connection the cause, of an invalid response nothing of its content."""
    cause = str(error) if isinstance(error, httpx.NetworkError) else ""
    return f"{type(error).__name__}: {cause}" if cause else type(error).__name__


def _json_object(response: httpx.Response, *, client_errors: bool = False) -> Mapping[str, Any]:
    is_expected = response.status_code == httpx.codes.OK or (client_errors and response.is_client_error)
    try:
        content = response.json() if is_expected else None
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise ProviderUnavailableError(f"{response.url.host}: status {response.status_code} without a JSON object")
    return content
