"""Authentication of clients at the token endpoint (RFC 6749, 2.3.1)."""

import base64
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import unquote_plus

from local.identity_provider.client_registry import Client, ClientRegistry
from local.identity_provider.oauth_error import OAuthError


def authenticate_client(clients: ClientRegistry, authorization: str | None, form: Mapping[str, str]) -> Client:
    """The client that sent a request.

    Args:
        clients: The registered clients.
        authorization: The header `Authorization`, for `client_secret_basic`.
        form: The body, for `client_secret_post`; a public client sends its identifier alone.

    Raises:
        OAuthError: It used both methods, or the credentials are wrong.
    """
    if authorization is not None and "client_secret" in form:
        raise OAuthError("invalid_request", "The client authenticates in two ways at once.")
    client_id, secret = _header_credentials(authorization) if authorization is not None else _form_credentials(form)
    client = clients.get(client_id)
    if client is None or not client.has_secret(secret):
        raise OAuthError(
            "invalid_client", "The client is unknown or its secret is wrong.", status=HTTPStatus.UNAUTHORIZED
        )
    if form.get("client_id", client_id) != client_id:
        raise OAuthError("invalid_request", "The header and the form name two clients.")
    return client


def _form_credentials(form: Mapping[str, str]) -> tuple[str, str | None]:
    return form.get("client_id", ""), form.get("client_secret")


def _header_credentials(authorization: str) -> tuple[str, str]:
    # Authlib's parser reads no plus sign as a space, and fails on credentials that aren't UTF-8.
    scheme, _, encoded = authorization.partition(" ")
    try:
        client_id, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return (unquote_plus(client_id), unquote_plus(secret)) if scheme.lower() == "basic" else ("", "")
