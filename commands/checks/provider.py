"""Does the identity provider tell who it is, and with which keys it signs?"""

from collections.abc import AsyncIterator
from typing import Final

from commands.checks.finding import Finding
from identity.provider import Provider
from identity.refusals import ProviderUnavailableError
from identity.signatures import ALGORITHMS
from settings import Settings

VARIABLE: Final = "OIDC_ISSUER"


async def check_provider(settings: Settings) -> AsyncIterator[Finding]:
    """What is wrong with the provider of the settings."""
    provider = Provider(settings)
    try:
        metadata = await provider.fetch_metadata()
        await provider.fetch_keys()
    except ProviderUnavailableError as error:
        right = "Give the issuer exactly as the provider spells it; its discovery document must be found below it."
        yield Finding(VARIABLE, f"The provider can't be used ({error}).", right)
        return
    finally:
        await provider.close()
    signs = metadata.get("id_token_signing_alg_values_supported", [])
    if not set(signs) & set(ALGORITHMS):
        wrong = f"The provider signs with {', '.join(signs) or 'nothing that it tells'}."
        yield Finding(VARIABLE, wrong, f"Have it sign with {' or '.join(ALGORITHMS)}.")
