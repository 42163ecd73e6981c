"""A mail server that does what a test tells it to, at the phase that the test names."""

import asyncio
import re
from collections import deque
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

GREETING, EHLO, AUTH, MAIL, RCPT, DATA, CONTENT = "GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "CONTENT"
USUAL = {
    GREETING: "220 hostile ESMTP",
    EHLO: "250 hostile",
    AUTH: "235 come in",
    MAIL: "250 ok",
    RCPT: "250 ok",
    DATA: "354 go on",
    CONTENT: "250 taken",
}
CLOSE = "CLOSE"
"""In place of an answer: the connection is closed."""


@dataclass
class HostileServer:
    """Takes mails unless it was told otherwise; `plan` says how it answers next at a phase."""

    extensions: tuple[str, ...] = ()
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    """Every mail that came with its final dot, whatever was answered."""
    port: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a planned event is waited for."""
    _plans: dict[str, deque[str | asyncio.Event]] = field(default_factory=dict)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _server: asyncio.Server | None = None

    def plan(self, phase: str, *answers: str | asyncio.Event) -> None:
        """The next answers at a phase; an event is waited for, and then comes the usual answer."""
        self._plans.setdefault(phase, deque()).extend(answers)

    @property
    def mails(self) -> list[EmailMessage]:
        return [BytesParser(policy=default).parsebytes(content) for content in self.contents]

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            for writer in list(self._open):
                writer.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            if await self._answer(GREETING, writer):
                while line := await reader.readline():
                    if not await self._obey(line.decode().strip(), reader, writer):
                        break
        except ConnectionError:
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _obey(self, command: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self.commands.append(command)
        verb = re.split("[ :]", command, maxsplit=1)[0].upper()
        if verb == EHLO and not self._plans.get(EHLO):
            lines = ["hostile", *self.extensions]
            ended = [f"250{'-' if number < len(lines) else ' '}{line}" for number, line in enumerate(lines, start=1)]
            writer.write("".join(f"{line}\r\n" for line in ended).encode())
            return True
        if verb not in USUAL:
            writer.write(b"221 bye\r\n" if verb == "QUIT" else b"250 ok\r\n")
            return verb != "QUIT"
        planned = self._plans.get(verb)
        goes_on = verb == DATA and not (planned and isinstance(planned[0], str))
        if not await self._answer(verb, writer):
            return False
        if goes_on:
            self.contents.append((await reader.readuntil(b"\r\n.\r\n"))[:-3])
            return await self._answer(CONTENT, writer)
        return True

    async def _answer(self, phase: str, writer: asyncio.StreamWriter) -> bool:
        planned = self._plans.get(phase)
        answer = planned.popleft() if planned else USUAL[phase]
        if isinstance(answer, asyncio.Event):
            self.reached.set()
            await answer.wait()
            answer = USUAL[phase]
        if answer == CLOSE:
            return False
        writer.write(f"{answer}\r\n".encode())
        await writer.drain()
        return True
