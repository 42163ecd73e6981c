"""An SMTP server whose replies are scripted by the test, phase by phase."""

import asyncio
import re
from collections import deque
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

GREETING, EHLO, STARTTLS, AUTH, NOOP = "GREETING", "EHLO", "STARTTLS", "AUTH", "NOOP"
MAIL, RCPT, DATA, CONTENT = "MAIL", "RCPT", "DATA", "CONTENT"
DEFAULT_REPLIES = {
    GREETING: "220 mail.example ESMTP",
    EHLO: "250 mail.example",
    STARTTLS: "220 go ahead",
    AUTH: "235 come in",
    NOOP: "250 ok",
    MAIL: "250 ok",
    RCPT: "250 ok",
    DATA: "354 go on",
    CONTENT: "250 taken",
}
CLOSE = "CLOSE"
"""In place of a reply: the connection is closed."""
HALF = "\0"
"""At the end of a reply: it is sent without its line end, and then the connection is closed."""


@dataclass
class Session:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    refused: bool = False
    """Whether the sender or the recipient of the current mail was refused."""


@dataclass
class ScriptedSmtpServer:
    """Accepts mails, unless `plan` sets other replies for a phase."""

    port: int
    extensions: tuple[str, ...] = ()
    octet_by_octet: bool = False
    """Whether its replies are sent one octet at a time."""
    asks_for_refused_content: bool = False
    """Whether it replies to DATA with 354 although it refused every recipient."""
    crashes_on: str | None = None
    """A recipient on which it crashes: it closes every connection and the port, until it is started again."""
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    """Every mail received up to its final dot, whatever the reply was."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set as soon as the server waits for a planned event."""
    _plans: dict[str, deque[str | asyncio.Event]] = field(default_factory=dict)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _server: asyncio.Server | None = None

    def plan(self, phase: str, *replies: str | asyncio.Event) -> None:
        """Sets the next replies at a phase. For an event, the server waits, and then sends the default reply."""
        self._plans.setdefault(phase, deque()).extend(replies)

    @property
    def mails(self) -> list[EmailMessage]:
        return [BytesParser(policy=default).parsebytes(content) for content in self.contents]

    async def send_unsolicited(self, line: str) -> None:
        """Sends a line on every connection, in reply to no command."""
        for writer in self._writers:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def stop(self) -> None:
        if self._server is not None:
            self._crash()
            await self._server.wait_closed()

    def _crash(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        session = Session(reader, writer)
        try:
            if await self._reply(GREETING, session):
                while line := await reader.readline():
                    if not await self._handle_command(line.decode().strip(), session):
                        break
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _handle_command(self, command: str, session: Session) -> bool:
        self.commands.append(command)
        verb = re.split("[ :]", command, maxsplit=1)[0].upper()
        if verb == EHLO and not self._plans.get(EHLO):
            lines = ["mail.example", *self.extensions]
            reply = [f"250{'-' if number < len(lines) else ' '}{line}" for number, line in enumerate(lines, start=1)]
            await self._write("".join(f"{line}\r\n" for line in reply), session)
            return True
        if verb not in DEFAULT_REPLIES:
            await self._write("221 bye\r\n" if verb == "QUIT" else "250 ok\r\n", session)
            return verb != "QUIT"
        if verb == DATA:
            return await self._receive_content(session)
        if verb == RCPT and self.crashes_on and self.crashes_on in command:
            self._crash()
            return False
        planned = self._planned_reply(verb)
        session.refused = (session.refused and verb != MAIL) or (planned or "2")[0] in "45"
        return await self._reply(verb, session)

    async def _receive_content(self, session: Session) -> bool:
        refused, planned = session.refused, self._planned_reply(DATA)
        session.refused = False
        if refused and not self.asks_for_refused_content:
            await self._write("503 no recipient\r\n", session)
            return True
        if not await self._reply(DATA, session):
            return False
        if planned:
            return True
        if refused:
            assert await session.reader.readline() == b".\r\n"
            await self._write("554 no recipient\r\n", session)
            return True
        self.contents.append((await session.reader.readuntil(b"\r\n.\r\n"))[:-3])
        return await self._reply(CONTENT, session)

    def _planned_reply(self, phase: str) -> str | None:
        """The next planned reply for a phase; None when there is none, or when an event is waited for."""
        replies = self._plans.get(phase)
        return replies[0] if replies and isinstance(replies[0], str) else None

    async def _reply(self, phase: str, session: Session) -> bool:
        """Sends the reply; returns whether the connection stays open."""
        planned = self._plans.get(phase)
        reply = planned.popleft() if planned else DEFAULT_REPLIES[phase]
        if isinstance(reply, asyncio.Event):
            self.reached.set()
            await reply.wait()
            reply = DEFAULT_REPLIES[phase]
        if reply == CLOSE:
            return False
        is_complete = not reply.endswith(HALF)
        await self._write(f"{reply}\r\n" if is_complete else reply.removesuffix(HALF), session)
        return is_complete

    async def _write(self, reply: str, session: Session) -> None:
        octets = reply.encode()
        for piece in [octets[n : n + 1] for n in range(len(octets))] if self.octet_by_octet else [octets]:
            session.writer.write(piece)
            await session.writer.drain()
            await asyncio.sleep(0)
