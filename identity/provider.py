"""The OpenID Connect provider as seen from here: its discovery document, its keys, its tokens for a code."""

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
from identity.fetching import client, document, posted
from identity.id_token import checked_claims
from identity.refusals import ProviderUnavailableError, UntrustedAnswerError
from identity.sign_in import SignIn
from settings import Settings, settings

CALLBACK: Final = "/signin/callback"
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Provider:
    """The client of one provider; nothing is asked of it before it is needed."""

    def __init__(self, configuration: Settings) -> None:
        self.issuer = configuration.oidc_issuer
        self._client_id = configuration.oidc_client_id
        self._client_secret = configuration.oidc_client_secret
        self._redirect_uri = configuration.public_url + CALLBACK
        self._http = client()
        self._metadata: CachedDocument[Mapping[str, Any]] = CachedDocument("discovery document", self.fetch_metadata)
        self.keys: CachedDocument[KeySet] = CachedDocument("key set", self.fetch_keys)

    async def close(self) -> None:
        """Closes its connections."""
        await self._http.aclose()

    async def authorization_address(self, sign_in: SignIn) -> str:
        """Where the browser goes to sign in.

        Raises:
            ProviderUnavailableError: The provider doesn't tell.
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

    async def check_issuer(self, named: str | None) -> None:
        """Checks who sent an answer (RFC 9207); a provider that promises to say so must.

        Raises:
            UntrustedAnswerError: It names another, or nobody where it should.
            ProviderUnavailableError: The provider doesn't tell what it promises.
        """
        promised = (await self._metadata.get()).get("authorization_response_iss_parameter_supported") is True
        if named != self.issuer and (named is not None or promised):
            raise UntrustedAnswerError("the answer names another issuer")

    async def claims_for(self, code: str, sign_in: SignIn) -> Mapping[str, Any]:
        """The verified claims of the ID token that the code of this sign-in stands for.

        Raises:
            UntrustedAnswerError: The code or the token is not to be believed.
            ProviderUnavailableError: The provider doesn't answer.
        """
        answer = await self._redeemed(code, sign_in.verifier)
        return await checked_claims(answer, self.keys, self.issuer, self._client_id, sign_in.nonce)

    async def _redeemed(self, code: str, verifier: str) -> Mapping[str, Any]:
        metadata = await self._metadata.get()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        name, secret = self._client_id, self._client_secret.get_secret_value()
        if "client_secret_basic" in metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            # The form's encoding comes before base64 (RFC 6749, 2.3.1).
            credentials = httpx.BasicAuth(quote_plus(name), quote_plus(secret))
            return await posted(self._http, metadata["token_endpoint"], form, credentials)
        form |= {"client_id": name, "client_secret": secret}
        return await posted(self._http, metadata["token_endpoint"], form, None)

    async def fetch_metadata(self) -> Mapping[str, Any]:
        """Its discovery document, asked for now.

        Raises:
            ProviderUnavailableError: It gives none that can be used.
        """
        found = OpenIDProviderMetadata(await document(self._http, get_well_known_url(self.issuer, external=True)))
        if found.get("issuer") != self.issuer or not all(isinstance(found.get(name), str) for name in ENDPOINTS):
            raise ProviderUnavailableError("discovery document of another issuer, or an incomplete one")
        try:
            found.validate_authorization_endpoint()
            found.validate_token_endpoint()
            found.validate_jwks_uri()
        except ValueError as error:
            raise ProviderUnavailableError(f"discovery document: {error}") from None
        return dict(found)

    async def fetch_keys(self) -> KeySet:
        """Its keys, asked for now.

        Raises:
            ProviderUnavailableError: It gives none that can be used.
        """
        address = (await self._metadata.get())["jwks_uri"]
        listed = (await document(self._http, address)).get("keys")
        keys = [*_usable(listed if isinstance(listed, list) else [])]
        if not keys:
            raise ProviderUnavailableError("key set without a key that can be used")
        return KeySet(keys)


def _usable(listed: Iterable[Any]) -> Iterator[Key]:
    """The keys among them that can be read: the others are passed over (RFC 7517, 5), such as those of newer kinds."""
    for given in listed:
        with suppress(JoseError, ValueError, KeyError, TypeError):
            yield from KeySet.import_key_set({"keys": [given]}).keys


_opened: Provider | None = None


async def open_provider() -> None:
    """Makes the provider of the settings the one of this process; asks nothing of it yet."""
    global _opened  # noqa: PLW0603  # one provider a process, like its database
    _opened = Provider(settings())


async def close_provider() -> None:
    """Closes the connections to it."""
    global _opened  # noqa: PLW0603  # see above
    if _opened is not None:
        await _opened.close()
    _opened = None


def provider() -> Provider:
    """The open one.

    Raises:
        RuntimeError: None was opened.
    """
    if _opened is None:
        raise RuntimeError("The identity provider's client is not open.")
    return _opened
