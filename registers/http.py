"""The registers over HTTP, as in production."""

from domain.registers import RegisteredEnterprise, RegisteredPerson
from registers.answers import enterprise_in, person_in
from registers.client import RegisterClient


class HttpPersonRegister:
    """The person register behind an address."""

    def __init__(self, client: RegisterClient) -> None:
        self._client = client

    async def person(self, national_number: str) -> RegisteredPerson | None:
        """The person with these eleven digits, or None when the register knows none.

        Raises:
            RegisterUnavailableError: There is no answer that can be used.
        """
        return person_in(await self._client.answer({"nationalNumber": national_number}), national_number)


class HttpEnterpriseRegister:
    """The enterprise register behind an address."""

    def __init__(self, client: RegisterClient) -> None:
        self._client = client

    async def enterprise(self, enterprise_number: str) -> RegisteredEnterprise | None:
        """The organisation with these ten digits, or None when the register knows none.

        Raises:
            RegisterUnavailableError: There is no answer that can be used.
        """
        return enterprise_in(await self._client.answer({"enterpriseNumber": enterprise_number}), enterprise_number)
