"""Does the identity provider publish its metadata, and keys of a supported algorithm?"""

from collections.abc import AsyncIterator
from typing import Final

from commands.checks.finding import Finding
from identity.provider import Provider
from identity.refusals import ProviderUnavailableError
from identity.signatures import ALGORITHMS
from settings import Settings

VARIABLE: Final = "OIDC_ISSUER"


async def check_provider(settings: Settings) -> AsyncIterator[Finding]:
    """Checks the identity provider of the settings."""
    provider = Provider(settings)
    try:
        metadata = await provider.fetch_metadata()
        await provider.fetch_keys()
    except ProviderUnavailableError as error:
        remedy = "Give the issuer exactly as the provider spells it; its discovery document must be found below it."
        yield Finding(VARIABLE, f"The provider can't be used ({error}).", remedy)
        return
    finally:
        await provider.close()
    algorithms = metadata.get("id_token_signing_alg_values_supported", [])
    if not set(algorithms) & set(ALGORITHMS):
        problem = f"The provider signs with {', '.join(algorithms) or 'no algorithm that it announces'}."
        yield Finding(VARIABLE, problem, f"Have it sign with {' or '.join(ALGORITHMS)}.")
