"""The registers over HTTP, as in production."""

from domain.registers import RegisteredEnterprise, RegisteredPerson
from registers.client import RegisterClient
from registers.responses import parse_enterprise, parse_person


class HttpPersonRegister:
    """The person register at a URL."""

    def __init__(self, client: RegisterClient) -> None:
        self._client = client

    async def person(self, national_number: str) -> RegisteredPerson | None:
        """The person with these eleven digits, or None when the register knows none.

        Raises:
            RegisterUnavailableError: There is no usable response.
        """
        return parse_person(await self._client.post({"nationalNumber": national_number}), national_number)


class HttpEnterpriseRegister:
    """The enterprise register at a URL."""

    def __init__(self, client: RegisterClient) -> None:
        self._client = client

    async def enterprise(self, enterprise_number: str) -> RegisteredEnterprise | None:
        """The organisation with these ten digits, or None when the register knows none.

        Raises:
            RegisterUnavailableError: There is no usable response.
        """
        return parse_enterprise(await self._client.post({"enterpriseNumber": enterprise_number}), enterprise_number)
