"""Every check, side by side."""

import asyncio
from collections.abc import Mapping
from typing import Final

from commands.checks.configuration import read_settings
from commands.checks.database import check_database
from commands.checks.finding import Check, Finding
from commands.checks.mail import check_mail
from commands.checks.provider import check_provider
from commands.checks.queue import check_queue
from commands.checks.registers import check_registers
from commands.checks.store import check_store
from settings import Settings

CHECKS: Final[Mapping[str, Check]] = {
    "DATABASE_URL": check_database,
    "REDIS_URL": check_queue,
    "SMTP_HOST": check_mail,
    "OIDC_ISSUER": check_provider,
    "PERSON_REGISTER_URL": check_registers,
    "OBJECT_STORE_URL": check_store,
}
"""Each check by the variable that it begins with."""


async def found() -> list[Finding]:
    """Everything that is wrong; where a variable can't be used, what the others lead to is not looked at."""
    settings, findings = read_settings()
    if settings is None:
        return findings
    every = await asyncio.gather(*(checked(variable, check, settings) for variable, check in CHECKS.items()))
    return [finding for each in every for finding in each]


async def checked(variable: str, check: Check, settings: Settings) -> list[Finding]:
    """What one check finds; that it couldn't be done is a finding, too, so that the others are told all the same."""
    try:
        return [finding async for finding in check(settings)]
    except Exception as unexpected:  # noqa: BLE001  # whatever it is
        wrong = f"It could not be checked ({type(unexpected).__name__})."
        return [Finding(variable, wrong, "Look whether the address, and what stands behind it, are right.")]
