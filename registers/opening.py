"""Which registers a process asks: those of the settings, or the demo's own tables."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from pydantic import SecretStr

from domain.registers import EnterpriseRegister, PersonRegister, Registers, install_registers
from registers.asking import Asking
from registers.http import HttpEnterpriseRegister, HttpPersonRegister
from registers.tables import LocalEnterpriseRegister, LocalPersonRegister
from settings import Settings


@asynccontextmanager
async def opened_registers(given: Settings) -> AsyncIterator[Registers]:
    """Makes the registers of the settings those of this process, until the block ends; asks nothing of them yet."""
    async with AsyncExitStack() as closing:
        registers = Registers(await _people(given, closing), await _enterprises(given, closing))
        install_registers(registers)
        closing.callback(install_registers, None)
        yield registers


async def _people(given: Settings, closing: AsyncExitStack) -> PersonRegister:
    if given.person_register_url is None:
        return LocalPersonRegister()
    return HttpPersonRegister(await _asking("person", given.person_register_url, given.person_register_token, closing))


async def _enterprises(given: Settings, closing: AsyncExitStack) -> EnterpriseRegister:
    if given.enterprise_register_url is None:
        return LocalEnterpriseRegister()
    return HttpEnterpriseRegister(
        await _asking("enterprise", given.enterprise_register_url, given.enterprise_register_token, closing)
    )


async def _asking(name: str, address: str, token: SecretStr | None, closing: AsyncExitStack) -> Asking:
    asking = Asking(name, address, token)
    closing.push_async_callback(asking.close)
    return asking
