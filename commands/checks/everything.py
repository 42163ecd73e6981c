"""Every check, side by side."""

import asyncio
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

CHECKS: Final[tuple[Check, ...]] = (
    check_database,
    check_queue,
    check_mail,
    check_provider,
    check_registers,
    check_store,
)


async def found() -> list[Finding]:
    """Everything that is wrong; where a variable can't be used, what the others lead to is not looked at."""
    given, findings = read_settings()
    if given is None:
        return findings
    return [finding for each in await asyncio.gather(*(_all(check, given) for check in CHECKS)) for finding in each]


async def _all(check: Check, given: Settings) -> list[Finding]:
    return [finding async for finding in check(given)]
