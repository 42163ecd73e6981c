"""Requests to a register over HTTP: bounded in time and size, retried after transient errors, behind a circuit breaker.

A request is a POST with a JSON object, since a URL would show a national number to every log on the way. It changes
nothing, so it may be retried.
"""

import asyncio
import json
from typing import Any, Final

import httpx
from pydantic import SecretStr
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from domain.registers import RegisterUnavailableError
from registers.circuit_breaker import CircuitBreaker

MAX_RESPONSE_BYTES: Final = 256 * 1024
"""More than any response holds."""


class _TransientError(Exception):
    """A retry may help."""


class RegisterClient:
    """The client of one register.

    Args:
        name: What logs and errors call the register.
        url: Where requests are sent.
        token: Sent as a bearer token, when there is one.
        attempts: How often a request is sent at most.
        timeout: Seconds that one attempt may take as a whole.
        circuit_breaker: Stops requests while the register is down.
    """

    def __init__(
        self,
        name: str,
        url: str,
        token: SecretStr | None = None,
        *,
        attempts: int = 3,
        timeout: float = 3.0,
        circuit_breaker: CircuitBreaker | None = None,
    ) -> None:
        headers = {"authorization": f"Bearer {token.get_secret_value()}"} if token else {}
        self._name = name
        self._url = url
        self._timeout = timeout
        self._attempts = attempts
        self._circuit_breaker = circuit_breaker or CircuitBreaker()
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(timeout), headers=headers, follow_redirects=False)

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def post(self, body: dict[str, str]) -> Any:
        """The JSON of the response to a request.

        Raises:
            RegisterUnavailableError: There is no usable response.
        """
        if not self._circuit_breaker.allows_request():
            raise RegisterUnavailableError(f"the {self._name} register didn't answer shortly before")
        try:
            result = await self._send_with_retries(body)
        except RegisterUnavailableError:
            self._circuit_breaker.record_failure()
            raise
        except BaseException:
            # The caller was cancelled.
            self._circuit_breaker.record_cancellation()
            raise
        self._circuit_breaker.record_success()
        return result

    async def _send_with_retries(self, body: dict[str, str]) -> Any:
        retrying = AsyncRetrying(
            stop=stop_after_attempt(self._attempts),
            wait=wait_random_exponential(multiplier=0.1, max=1),
            retry=retry_if_exception_type(_TransientError),
            reraise=True,
        )
        try:
            return await retrying(self._send_once, body)
        except _TransientError as error:
            raise RegisterUnavailableError(str(error)) from None

    async def _send_once(self, body: dict[str, str]) -> Any:
        try:
            # The timeouts of the client hold for each chunk of a response; this one holds for all of it.
            async with asyncio.timeout(self._timeout):
                status, content = await self._send(body)
        except (TimeoutError, httpx.TransportError) as error:
            raise _TransientError(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise RegisterUnavailableError(type(error).__name__) from None
        if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.TOO_MANY_REQUESTS:
            raise _TransientError(f"status {status}")
        if status != httpx.codes.OK:
            raise RegisterUnavailableError(f"status {status}")
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            raise RegisterUnavailableError("a response that is no JSON") from None

    async def _send(self, body: dict[str, str]) -> tuple[int, bytes]:
        async with self._http.stream("POST", self._url, json=body) as response:
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > MAX_RESPONSE_BYTES:
                    raise RegisterUnavailableError(f"a response of more than {MAX_RESPONSE_BYTES} bytes")
            return response.status_code, bytes(content)
