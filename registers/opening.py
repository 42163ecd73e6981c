"""Which registers a process asks: those of the settings, or the demo's own tables."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from pydantic import SecretStr

from domain.registers import EnterpriseRegister, PersonRegister, Registers, install_registers
from registers.client import RegisterClient
from registers.http import HttpEnterpriseRegister, HttpPersonRegister
from registers.tables import LocalEnterpriseRegister, LocalPersonRegister
from settings import Settings


@asynccontextmanager
async def opened_registers(settings: Settings) -> AsyncIterator[Registers]:
    """Makes the registers of the settings those of this process, until the block ends; asks nothing of them yet."""
    async with AsyncExitStack() as closing:
        registers = Registers(await _people(settings, closing), await _enterprises(settings, closing))
        install_registers(registers)
        closing.callback(install_registers, None)
        yield registers


async def _people(settings: Settings, closing: AsyncExitStack) -> PersonRegister:
    if settings.person_register_url is None:
        return LocalPersonRegister()
    return HttpPersonRegister(
        await _client("person", settings.person_register_url, settings.person_register_token, closing)
    )


async def _enterprises(settings: Settings, closing: AsyncExitStack) -> EnterpriseRegister:
    if settings.enterprise_register_url is None:
        return LocalEnterpriseRegister()
    return HttpEnterpriseRegister(
        await _client("enterprise", settings.enterprise_register_url, settings.enterprise_register_token, closing)
    )


async def _client(name: str, address: str, token: SecretStr | None, closing: AsyncExitStack) -> RegisterClient:
    client = RegisterClient(name, address, token)
    closing.push_async_callback(client.close)
    return client
