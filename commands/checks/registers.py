"""Do the registers respond, and accept our tokens? No number is looked up."""

from collections.abc import AsyncIterator
from typing import Final

import httpx
from pydantic import SecretStr

from commands.checks.finding import Finding
from settings import Settings

TIMEOUT: Final = 10.0
UNAUTHORISED: Final = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
NOT_FOUND: Final = (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED, httpx.codes.GONE)


async def check_registers(settings: Settings) -> AsyncIterator[Finding]:
    """Checks the registers of the settings."""
    for name, address, token in (
        ("PERSON_REGISTER", settings.person_register_url, settings.person_register_token),
        ("ENTERPRISE_REGISTER", settings.enterprise_register_url, settings.enterprise_register_token),
    ):
        if address is not None and (finding := await _check_register(name, address, token)):
            yield finding


async def _check_register(name: str, address: str, token: SecretStr | None) -> Finding | None:
    headers = {"authorization": f"Bearer {token.get_secret_value()}"} if token else {}
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT) as client:
            # An empty request: any other status than those below shows that the register is there.
            status = (await client.post(address, json={}, headers=headers)).status_code
    except httpx.HTTPError as error:
        problem = f"The register can't be reached ({type(error).__name__}: {error})."
        return Finding(f"{name}_URL", problem, "Set it as the register's operator says.")
    if status in UNAUTHORISED:
        problem = f"The register denies access (status {status})."
        return Finding(f"{name}_TOKEN", problem, "Set the token that the register's operator gave.")
    if status in NOT_FOUND or httpx.codes.is_redirect(status):
        problem = f"Nothing answers requests at this address (status {status})."
        return Finding(f"{name}_URL", problem, "Set it as the register's operator says, path included.")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        problem = f"The register fails (status {status})."
        return Finding(f"{name}_URL", problem, "Ask its operator.")
    return None
