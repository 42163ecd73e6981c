"""Runs all checks concurrently."""

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
"""Each check by the variable that its findings are mainly about."""


async def run_checks() -> list[Finding]:
    """All findings; if the settings themselves are invalid, nothing else is checked."""
    settings, findings = read_settings()
    if settings is None:
        return findings
    results = await asyncio.gather(*(run_check(variable, check, settings) for variable, check in CHECKS.items()))
    return [finding for findings in results for finding in findings]


async def run_check(variable: str, check: Check, settings: Settings) -> list[Finding]:
    """The findings of one check; a check that fails unexpectedly is itself a finding, and doesn't stop the others."""
    try:
        return [finding async for finding in check(settings)]
    except Exception as unexpected:  # noqa: BLE001  # whatever it is
        problem = f"It could not be checked ({type(unexpected).__name__})."
        return [Finding(variable, problem, "Check the address and the server behind it.")]
