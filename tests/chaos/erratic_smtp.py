"""An SMTP server with random faults, which keeps every mail that it accepted."""

import asyncio
import random
import re
import socket
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.policy import default
from functools import partial

from local.ports import reserve_ports
from local.stack import HOST

GREETING, EHLO, MAIL, RCPT, DATA, CONTENT = "GREETING", "EHLO", "MAIL", "RCPT", "DATA", "CONTENT"
REPLIED = "REPLIED"
"""The phases of a session: CONTENT is after the final dot and before the reply, REPLIED just after the reply."""
CLOSE, HALF, LOSE, SLOW = "CLOSE", "HALF", "LOSE", "SLOW"
"""Faults: the connection is closed; closed after half a reply; closed before the mail is kept; the reply is slow."""
DEFAULT_REPLIES = {
    GREETING: "220 erratic ESMTP",
    MAIL: "250 ok",
    RCPT: "250 ok",
    DATA: "354 go on",
    CONTENT: "250 taken",
}
FAULTS: dict[str, dict[str, float]] = {
    GREETING: {"421 4.3.2 busy": 0.01, CLOSE: 0.01},
    MAIL: {"421 4.3.2 shutting down": 0.005, "451 4.3.0 later": 0.02, CLOSE: 0.005},
    RCPT: {"450 4.2.1 not now": 0.02, "550 5.1.1 unknown": 0.02, "554 5.7.1 no": 0.005, HALF: 0.005},
    DATA: {"451 4.3.0 later": 0.01, "554 5.6.0 no": 0.005, CLOSE: 0.005},
    CONTENT: {
        LOSE: 0.01, CLOSE: 0.02, HALF: 0.005, SLOW: 0.03, "451 4.3.0 later": 0.02, "552 5.2.2 full": 0.01,
        "421 4.3.2 shutting down": 0.005,
    },
}  # fmt: skip
"""The probability of each fault, by phase."""
KEEPING_FAULTS = (SLOW, CLOSE, HALF)
"""The faults after the final dot with which the mail is kept."""


@dataclass(frozen=True)
class AcceptedMail:
    """A mail that was received completely and kept, whatever the reply was."""

    message_id: str
    date: str
    recipient: str
    content: bytes


@dataclass
class Hold:
    """A connection that waits at a phase; `port` is the client's, once the phase is reached."""

    phase: str
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0


@dataclass
class ErraticServer:
    """Accepts mails, with random faults.

    Attributes:
        port: Its port.
        seed: The seed of the faults.
        chances: The probability of each fault, by phase.
        taken: The mails that it accepted.
        faults: The number of faults so far.
    """

    port: int
    seed: int
    chances: Mapping[str, Mapping[str, float]]
    taken: list[AcceptedMail] = field(default_factory=list)
    faults: int = 0
    _holds: dict[str, deque[Hold]] = field(default_factory=dict)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _accepting: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311  # repeatable, no secret

    async def start(self) -> None:
        listener = socket.create_server((HOST, self.port), backlog=100)
        listener.settimeout(0)
        self._accepting = asyncio.create_task(self._accept(listener))

    async def _accept(self, listener: socket.socket) -> None:
        # asyncio's server fails on a connection that was accepted just before the server is closed, and leaks it.
        loop = asyncio.get_running_loop()
        with listener:
            while True:
                accepted, _ = await loop.sock_accept(listener)
                reader = asyncio.StreamReader()
                await loop.connect_accepted_socket(partial(asyncio.StreamReaderProtocol, reader, self._serve), accepted)

    def hang_up(self) -> None:
        """Closes every connection."""
        for writer in list(self._open):
            writer.close()

    async def stop(self) -> None:
        if self._accepting:
            self._accepting.cancel()
            for hold in [hold for holds in self._holds.values() for hold in holds]:
                hold.released.set()
            with suppress(asyncio.CancelledError):
                await self._accepting
            self.hang_up()

    def hold(self, phase: str) -> Hold:
        """Makes the next connection that reaches a phase wait there until it is released."""
        hold = Hold(phase)
        self._holds.setdefault(phase, deque()).append(hold)
        return hold

    def forget(self, hold: Hold) -> None:
        """Releases the connection that waits, and makes no other wait."""
        hold.released.set()
        if hold in self._holds.get(hold.phase, ()):
            self._holds[hold.phase].remove(hold)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await _Session(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def wait_at(self, phase: str, port: int) -> None:
        """Waits if a connection is to be held at this phase."""
        holds = self._holds.get(phase)
        if holds:
            hold = holds.popleft()
            hold.port = port
            hold.reached.set()
            await hold.released.wait()

    def fault_at(self, phase: str) -> str | None:
        """A random fault, or None."""
        drawn = self._random.random()
        for fault, probability in self.chances.get(phase, {}).items():
            drawn -= probability
            if drawn < 0:
                self.faults += 1
                return fault
        return None


@asynccontextmanager
async def an_erratic_server(
    seed: int, chances: Mapping[str, Mapping[str, float]] = FAULTS
) -> AsyncIterator[ErraticServer]:
    """A running server, whose port stays reserved while it is stopped."""
    with reserve_ports(HOST, 1) as (port,):
        server = ErraticServer(port, seed, chances)
        await server.start()
        try:
            yield server
        finally:
            await server.stop()


class _Session:
    """One connection."""

    def __init__(self, server: ErraticServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._port: int = writer.get_extra_info("peername")[1]
        self._has_sender = False
        self._recipient: str | None = None
        self._last_reply = ""

    async def run(self) -> None:
        if not await self._reply_at(GREETING):
            return
        while line := await self._reader.readline():
            if not await self._handle_command(line.decode().strip()):
                break

    async def _handle_command(self, command: str) -> bool:
        verb = re.split("[ :]", command, maxsplit=1)[0].upper()
        match verb:
            case "EHLO":
                await self._server.wait_at(EHLO, self._port)
                return await self._send("250-erratic\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8")
            case "MAIL":
                return await self._handle_mail()
            case "RCPT":
                return await self._handle_rcpt(command.partition("<")[2].partition(">")[0])
            case "DATA":
                return await self._handle_data()
            case "QUIT":
                await self._send("221 bye")
                return False
            case _:
                return await self._send("250 ok")

    async def _handle_mail(self) -> bool:
        self._recipient = None
        stays_open = await self._reply_at(MAIL)
        self._has_sender = self._last_reply == DEFAULT_REPLIES[MAIL]
        return stays_open

    async def _handle_rcpt(self, recipient: str) -> bool:
        if not self._has_sender:
            # The commands are pipelined, so that RCPT arrives although MAIL was refused.
            return await self._send("503 5.5.1 no sender")
        self._recipient = recipient
        return await self._reply_at(RCPT)

    async def _handle_data(self) -> bool:
        if self._recipient is None:
            return await self._send("503 5.5.1 no recipient")
        stays_open = await self._reply_at(DATA)
        if not stays_open or self._last_reply != DEFAULT_REPLIES[DATA]:
            return stays_open
        lines = []
        while (line := await self._reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line)
        content = b"".join(lines)
        await self._server.wait_at(CONTENT, self._port)
        fault = self._server.fault_at(CONTENT)
        if fault is None or fault in KEEPING_FAULTS:
            head = BytesHeaderParser(policy=default).parsebytes(content)
            self._server.taken.append(AcceptedMail(head["Message-ID"], head["Date"], self._recipient, content))
        stays_open = await self._reply_with(CONTENT, fault)
        if stays_open and fault is None:
            await self._server.wait_at(REPLIED, self._port)
        return stays_open

    async def _reply_at(self, phase: str) -> bool:
        await self._server.wait_at(phase, self._port)
        return await self._reply_with(phase, self._server.fault_at(phase))

    async def _reply_with(self, phase: str, fault: str | None) -> bool:
        if fault in (CLOSE, LOSE):
            return False
        if fault == HALF:
            self._writer.write(b"25")
            await self._writer.drain()
            return False
        if fault == SLOW:
            await asyncio.sleep(0.3)
            fault = None
        if phase == RCPT and fault:
            self._recipient = None
        await self._send(fault or DEFAULT_REPLIES[phase])
        return not (fault or "").startswith("421")

    async def _send(self, reply: str) -> bool:
        self._last_reply = reply
        self._writer.write(f"{reply}\r\n".encode())
        await self._writer.drain()
        return True
