"""A mail server that does what a test tells it to, at the phase that the test names."""

import asyncio
import re
from collections import deque
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

GREETING, EHLO, STARTTLS, AUTH, NOOP = "GREETING", "EHLO", "STARTTLS", "AUTH", "NOOP"
MAIL, RCPT, DATA, CONTENT = "MAIL", "RCPT", "DATA", "CONTENT"
USUAL = {
    GREETING: "220 hostile ESMTP",
    EHLO: "250 hostile",
    STARTTLS: "220 go ahead",
    AUTH: "235 come in",
    NOOP: "250 ok",
    MAIL: "250 ok",
    RCPT: "250 ok",
    DATA: "354 go on",
    CONTENT: "250 taken",
}
CLOSE = "CLOSE"
"""In place of an answer: the connection is closed."""
HALF = "\0"
"""At the end of an answer: it goes without its line end, and then the connection is closed."""


@dataclass
class Session:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    refused: bool = False
    """Whether the mail under way has no sender or no recipient."""


@dataclass
class HostileServer:
    """Takes mails unless it was told otherwise; `plan` says how it answers next at a phase."""

    port: int
    extensions: tuple[str, ...] = ()
    in_pieces: bool = False
    """Whether its answers come octet by octet."""
    wants_refused: bool = False
    """Whether it asks for the content of a mail whose every recipient it refused."""
    deadly: str | None = None
    """An address that it dies of: it closes every connection and listens no more, until it is started again."""
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    """Every mail that came with its final dot, whatever was answered."""
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

    async def say(self, line: str) -> None:
        """Says something on every connection that nobody asked for."""
        for writer in self._open:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def stop(self) -> None:
        if self._server is not None:
            self._die()
            await self._server.wait_closed()

    def _die(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        session = Session(reader, writer)
        try:
            if await self._answer(GREETING, session):
                while line := await reader.readline():
                    if not await self._obey(line.decode().strip(), session):
                        break
        except ConnectionError:
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _obey(self, command: str, session: Session) -> bool:
        self.commands.append(command)
        verb = re.split("[ :]", command, maxsplit=1)[0].upper()
        if verb == EHLO and not self._plans.get(EHLO):
            lines = ["hostile", *self.extensions]
            ended = [f"250{'-' if number < len(lines) else ' '}{line}" for number, line in enumerate(lines, start=1)]
            await self._write("".join(f"{line}\r\n" for line in ended), session)
            return True
        if verb not in USUAL:
            await self._write("221 bye\r\n" if verb == "QUIT" else "250 ok\r\n", session)
            return verb != "QUIT"
        if verb == DATA:
            return await self._take(session)
        if verb == RCPT and self.deadly and self.deadly in command:
            self._die()
            return False
        planned = self._planned(verb)
        session.refused = (session.refused and verb != MAIL) or (planned or "2")[0] in "45"
        return await self._answer(verb, session)

    async def _take(self, session: Session) -> bool:
        refused, planned = session.refused, self._planned(DATA)
        session.refused = False
        if refused and not self.wants_refused:
            await self._write("503 no recipient\r\n", session)
            return True
        if not await self._answer(DATA, session):
            return False
        if planned:
            return True
        if refused:
            assert await session.reader.readline() == b".\r\n"
            await self._write("554 no recipient\r\n", session)
            return True
        self.contents.append((await session.reader.readuntil(b"\r\n.\r\n"))[:-3])
        return await self._answer(CONTENT, session)

    def _planned(self, phase: str) -> str | None:
        """The answer that was planned for a phase, if one was."""
        plans = self._plans.get(phase)
        return plans[0] if plans and isinstance(plans[0], str) else None

    async def _answer(self, phase: str, session: Session) -> bool:
        planned = self._plans.get(phase)
        answer = planned.popleft() if planned else USUAL[phase]
        if isinstance(answer, asyncio.Event):
            self.reached.set()
            await answer.wait()
            answer = USUAL[phase]
        if answer == CLOSE:
            return False
        whole = not answer.endswith(HALF)
        await self._write(f"{answer}\r\n" if whole else answer.removesuffix(HALF), session)
        return whole

    async def _write(self, answer: str, session: Session) -> None:
        octets = answer.encode()
        for piece in [octets[n : n + 1] for n in range(len(octets))] if self.in_pieces else [octets]:
            session.writer.write(piece)
            await session.writer.drain()
            await asyncio.sleep(0)
