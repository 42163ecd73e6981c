"""The client of the OpenID Connect provider: its discovery document, its keys, its token endpoint."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote_plus

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from identity.cached_document import CachedDocument
from identity.http import create_client, get_json, post_form
from identity.id_token import validated_claims
from identity.refusals import ProviderUnavailableError, UntrustedResponseError
from identity.sign_in import SignIn
from settings import Settings, settings

CALLBACK: Final = "/signin/callback"
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Provider:
    """The client of one provider; sends no request before it is needed."""

    def __init__(self, configuration: Settings) -> None:
        self.issuer = configuration.oidc_issuer
        self._client_id = configuration.oidc_client_id
        self._client_secret = configuration.oidc_client_secret
        self._redirect_uri = configuration.public_url + CALLBACK
        self._http = create_client()
        self._metadata: CachedDocument[Mapping[str, Any]] = CachedDocument("discovery document", self.fetch_metadata)
        self.keys: CachedDocument[KeySet] = CachedDocument("key set", self.fetch_keys)

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def authorization_url(self, sign_in: SignIn) -> str:
        """The URL that the browser is redirected to.

        Raises:
            ProviderUnavailableError: The provider doesn't respond.
        """
        metadata = await self._metadata.get()
        return str(
            prepare_grant_uri(
                metadata["authorization_endpoint"],
                client_id=self._client_id,
                response_type="code",
                redirect_uri=self._redirect_uri,
                scope="openid profile",
                state=sign_in.state,
                nonce=sign_in.nonce,
                code_challenge=create_s256_code_challenge(sign_in.verifier),
                code_challenge_method="S256",
            )
        )

    async def check_issuer(self, issuer: str | None) -> None:
        """Checks the issuer of an authorization response (RFC 9207); required if the provider supports it.

        Raises:
            UntrustedResponseError: It is another one, or missing where it is required.
            ProviderUnavailableError: The provider doesn't respond.
        """
        is_required = (await self._metadata.get()).get("authorization_response_iss_parameter_supported") is True
        if issuer != self.issuer and (issuer is not None or is_required):
            raise UntrustedResponseError("the response names another issuer")

    async def exchange_code(self, code: str, sign_in: SignIn) -> Mapping[str, Any]:
        """The verified claims of the ID token that a sign-in's code is exchanged for.

        Raises:
            UntrustedResponseError: The code or the token is invalid.
            ProviderUnavailableError: The provider doesn't respond.
        """
        response = await self._request_tokens(code, sign_in.verifier)
        return await validated_claims(response, self.keys, self.issuer, self._client_id, sign_in.nonce)

    async def _request_tokens(self, code: str, verifier: str) -> Mapping[str, Any]:
        metadata = await self._metadata.get()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        client_id, secret = self._client_id, self._client_secret.get_secret_value()
        if "client_secret_basic" in metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            # Form encoding comes before base64 (RFC 6749, 2.3.1).
            credentials = httpx.BasicAuth(quote_plus(client_id), quote_plus(secret))
            return await post_form(self._http, metadata["token_endpoint"], form, credentials)
        form |= {"client_id": client_id, "client_secret": secret}
        return await post_form(self._http, metadata["token_endpoint"], form, None)

    async def fetch_metadata(self) -> Mapping[str, Any]:
        """Its discovery document, fetched now.

        Raises:
            ProviderUnavailableError: There is no usable one.
        """
        metadata = OpenIDProviderMetadata(await get_json(self._http, get_well_known_url(self.issuer, external=True)))
        if metadata.get("issuer") != self.issuer or not all(isinstance(metadata.get(name), str) for name in ENDPOINTS):
            raise ProviderUnavailableError("discovery document of another issuer, or an incomplete one")
        try:
            metadata.validate_authorization_endpoint()
            metadata.validate_token_endpoint()
            metadata.validate_jwks_uri()
        except ValueError as error:
            raise ProviderUnavailableError(f"discovery document: {error}") from None
        return dict(metadata)

    async def fetch_keys(self) -> KeySet:
        """Its keys, fetched now.

        Raises:
            ProviderUnavailableError: There is no usable one.
        """
        url = (await self._metadata.get())["jwks_uri"]
        entries = (await get_json(self._http, url)).get("keys")
        keys = [*_import_keys(entries if isinstance(entries, list) else [])]
        if not keys:
            raise ProviderUnavailableError("key set without a key that can be used")
        return KeySet(keys)


def _import_keys(entries: Iterable[Any]) -> Iterator[Key]:
    """The keys that can be imported; others, such as those of newer types, are ignored (RFC 7517, 5)."""
    for entry in entries:
        with suppress(JoseError, ValueError, KeyError, TypeError):
            yield from KeySet.import_key_set({"keys": [entry]}).keys


_provider: Provider | None = None


async def open_provider() -> None:
    """Opens the client of the provider of the settings; sends no request yet."""
    global _provider  # noqa: PLW0603  # one provider per process, like its database
    _provider = Provider(settings())


async def close_provider() -> None:
    """Closes the client."""
    global _provider  # noqa: PLW0603  # see above
    if _provider is not None:
        await _provider.close()
    _provider = None


def provider() -> Provider:
    """The open client.

    Raises:
        RuntimeError: None was opened.
    """
    if _provider is None:
        raise RuntimeError("The identity provider's client is not open.")
    return _provider
