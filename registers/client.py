"""One question to a register over HTTP: bounded in time and size, repeated when that may help, refused when it can't.

A question is a JSON object in the body of a POST, since an address would show a national number to every log on the
way. It changes nothing, so that it may be asked again.
"""

import asyncio
import json
from typing import Any, Final

import httpx
from pydantic import SecretStr
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from domain.registers import RegisterUnavailableError
from registers.circuit import Circuit

MOST_BYTES: Final = 256 * 1024
"""More than any answer holds."""


class _PassingTrouble(Exception):  # noqa: N818  # a reason to ask again, which nobody else sees
    """Asking again may help."""


class RegisterClient:
    """The connection to one register.

    Args:
        name: What logs and errors call the register.
        address: Where the questions go.
        token: Sent as a bearer token, when there is one.
        attempts: How often a question is asked at most.
        patience: Seconds that one attempt may take, from beginning to end.
        circuit: Remembers whether the register answers at all.
    """

    def __init__(
        self,
        name: str,
        address: str,
        token: SecretStr | None = None,
        *,
        attempts: int = 3,
        patience: float = 3.0,
        circuit: Circuit | None = None,
    ) -> None:
        headers = {"authorization": f"Bearer {token.get_secret_value()}"} if token else {}
        self._name = name
        self._address = address
        self._patience = patience
        self._attempts = attempts
        self._circuit = circuit or Circuit()
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(patience), headers=headers, follow_redirects=False)

    async def close(self) -> None:
        """Gives the connections back."""
        await self._http.aclose()

    async def answer(self, question: dict[str, str]) -> Any:
        """The JSON that answers a question.

        Raises:
            RegisterUnavailableError: There is no answer that can be used.
        """
        if not self._circuit.closed():
            raise RegisterUnavailableError(f"the {self._name} register didn't answer shortly before")
        try:
            found = await self._asked_again(question)
        except RegisterUnavailableError:
            self._circuit.failed()
            raise
        except BaseException:
            # Whoever asked has gone away; that says nothing about the register.
            self._circuit.undecided()
            raise
        self._circuit.answered()
        return found

    async def _asked_again(self, question: dict[str, str]) -> Any:
        attempts = AsyncRetrying(
            stop=stop_after_attempt(self._attempts),
            wait=wait_random_exponential(multiplier=0.1, max=1),
            retry=retry_if_exception_type(_PassingTrouble),
            reraise=True,
        )
        try:
            return await attempts(self._asked, question)
        except _PassingTrouble as trouble:
            raise RegisterUnavailableError(str(trouble)) from None

    async def _asked(self, question: dict[str, str]) -> Any:
        try:
            # The client's own limits hold for each piece of an answer; this one holds for all of it.
            async with asyncio.timeout(self._patience):
                status, body = await self._sent(question)
        except (TimeoutError, httpx.TransportError) as error:
            raise _PassingTrouble(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise RegisterUnavailableError(type(error).__name__) from None
        if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.TOO_MANY_REQUESTS:
            raise _PassingTrouble(f"status {status}")
        if status != httpx.codes.OK:
            raise RegisterUnavailableError(f"status {status}")
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise RegisterUnavailableError("an answer that is no JSON") from None

    async def _sent(self, question: dict[str, str]) -> tuple[int, bytes]:
        async with self._http.stream("POST", self._address, json=question) as response:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    raise RegisterUnavailableError(f"an answer of more than {MOST_BYTES} bytes")
            return response.status_code, bytes(body)
