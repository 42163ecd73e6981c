"""Do the registers answer, and do they take our tokens? No number is asked for."""

from collections.abc import AsyncIterator
from typing import Final

import httpx
from pydantic import SecretStr

from commands.checks.finding import Finding
from settings import Settings

PATIENCE: Final = 10.0
TURNED_AWAY: Final = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
NOT_HERE: Final = (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED, httpx.codes.GONE)


async def check_registers(settings: Settings) -> AsyncIterator[Finding]:
    """What is wrong with the registers of the settings."""
    for name, address, token in (
        ("PERSON_REGISTER", settings.person_register_url, settings.person_register_token),
        ("ENTERPRISE_REGISTER", settings.enterprise_register_url, settings.enterprise_register_token),
    ):
        if address is not None and (finding := await _found(name, address, token)):
            yield finding


async def _found(name: str, address: str, token: SecretStr | None) -> Finding | None:
    headers = {"authorization": f"Bearer {token.get_secret_value()}"} if token else {}
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            # A question without a question: whatever else it says to that, it is there.
            status = (await client.post(address, json={}, headers=headers)).status_code
    except httpx.HTTPError as error:
        wrong = f"The register can't be reached ({type(error).__name__}: {error})."
        return Finding(f"{name}_URL", wrong, "Set it as the register's operator says.")
    if status in TURNED_AWAY:
        wrong = f"The register turns us away (status {status})."
        return Finding(f"{name}_TOKEN", wrong, "Set the token that the register's operator gave.")
    if status in NOT_HERE or httpx.codes.is_redirect(status):
        wrong = f"Nothing takes a question at this address (status {status})."
        return Finding(f"{name}_URL", wrong, "Set it as the register's operator says, path included.")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        wrong = f"The register is out of order (status {status})."
        return Finding(f"{name}_URL", wrong, "Ask its operator.")
    return None
