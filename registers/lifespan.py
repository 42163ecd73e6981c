"""The registers of a process: those of the settings, or the local tables of the demo."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from pydantic import SecretStr

from domain.registers import EnterpriseRegister, PersonRegister, Registers, install_registers
from registers.client import RegisterClient
from registers.http import HttpEnterpriseRegister, HttpPersonRegister
from registers.local import LocalEnterpriseRegister, LocalPersonRegister
from settings import Settings


@asynccontextmanager
async def open_registers(settings: Settings) -> AsyncIterator[Registers]:
    """Installs the registers of the settings in this process, until the block ends; sends no request yet."""
    async with AsyncExitStack() as stack:
        registers = Registers(await _person_register(settings, stack), await _enterprise_register(settings, stack))
        install_registers(registers)
        stack.callback(install_registers, None)
        yield registers


async def _person_register(settings: Settings, stack: AsyncExitStack) -> PersonRegister:
    if settings.person_register_url is None:
        return LocalPersonRegister()
    return HttpPersonRegister(
        await _client("person", settings.person_register_url, settings.person_register_token, stack)
    )


async def _enterprise_register(settings: Settings, stack: AsyncExitStack) -> EnterpriseRegister:
    if settings.enterprise_register_url is None:
        return LocalEnterpriseRegister()
    return HttpEnterpriseRegister(
        await _client("enterprise", settings.enterprise_register_url, settings.enterprise_register_token, stack)
    )


async def _client(name: str, url: str, token: SecretStr | None, stack: AsyncExitStack) -> RegisterClient:
    client = RegisterClient(name, url, token)
    stack.push_async_callback(client.close)
    return client
