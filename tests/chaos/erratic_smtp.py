"""A mail server that misbehaves by chance, and keeps a ledger of every mail that it took."""

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
ANSWERED = "ANSWERED"
"""How far a mail has come: CONTENT is after its final dot and before the answer, ANSWERED just after it."""
CLOSE, HALF, LOSE, SLOW = "CLOSE", "HALF", "LOSE", "SLOW"
"""The connection is closed; closed after half an answer; closed before the mail is kept; the answer takes its time."""
USUAL = {GREETING: "220 erratic ESMTP", MAIL: "250 ok", RCPT: "250 ok", DATA: "354 go on", CONTENT: "250 taken"}
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
"""How likely each is, at each phase."""
KEPT = (SLOW, CLOSE, HALF)
"""After the final dot, these have the mail."""


@dataclass(frozen=True)
class AcceptedMail:
    """A mail that came whole and was kept, whatever its sender was told."""

    message_id: str
    date: str
    recipient: str
    content: bytes


@dataclass
class Hold:
    """A connection that is made to wait at a phase; `port` is its other end's, once it is reached."""

    phase: str
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0


@dataclass
class ErraticServer:
    """Takes mails, as a rule."""

    port: int
    seed: int
    chances: Mapping[str, Mapping[str, float]]
    taken: list[AcceptedMail] = field(default_factory=list)
    faults: int = 0
    _holds: dict[str, deque[Hold]] = field(default_factory=dict)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _accepting: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311  # repeatable, no secret

    async def start(self) -> None:
        listener = socket.create_server((HOST, self.port), backlog=100)
        listener.settimeout(0)
        self._accepting = asyncio.create_task(self._accept(listener))

    async def _accept(self, listener: socket.socket) -> None:
        # asyncio's own server fails over a connection that was accepted just before it is closed, and leaves it open.
        loop = asyncio.get_running_loop()
        with listener:
            while True:
                accepted, _ = await loop.sock_accept(listener)
                reader = asyncio.StreamReader()
                await loop.connect_accepted_socket(partial(asyncio.StreamReaderProtocol, reader, self._serve), accepted)

    def hang_up(self) -> None:
        """Closes every connection, whatever goes on in it."""
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
        """Makes the next connection that comes to a phase wait there, until it is released."""
        hold = Hold(phase)
        self._holds.setdefault(phase, deque()).append(hold)
        return hold

    def forget(self, hold: Hold) -> None:
        """Nobody is to wait for it any more."""
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
        """Waits where a hold was put up."""
        holds = self._holds.get(phase)
        if holds:
            hold = holds.popleft()
            hold.port = port
            hold.reached.set()
            await hold.released.wait()

    def fault_at(self, phase: str) -> str | None:
        """What goes wrong this time, if anything."""
        drawn = self._chance.random()
        for fault, likelihood in self.chances.get(phase, {}).items():
            drawn -= likelihood
            if drawn < 0:
                self.faults += 1
                return fault
        return None


@asynccontextmanager
async def an_erratic_server(
    seed: int, chances: Mapping[str, Mapping[str, float]] = FAULTS
) -> AsyncIterator[ErraticServer]:
    """One that runs; where it is stopped and started again meanwhile, its port is nobody else's between."""
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
        self._begun = False
        self._recipient: str | None = None
        self._said = ""

    async def run(self) -> None:
        if not await self._answer(GREETING):
            return
        while line := await self._reader.readline():
            if not await self._obey(line.decode().strip()):
                break

    async def _obey(self, command: str) -> bool:
        verb = re.split("[ :]", command, maxsplit=1)[0].upper()
        match verb:
            case "EHLO":
                await self._server.wait_at(EHLO, self._port)
                return await self._say("250-erratic\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8")
            case "MAIL":
                return await self._begin()
            case "RCPT":
                return await self._address(command.partition("<")[2].partition(">")[0])
            case "DATA":
                return await self._take()
            case "QUIT":
                await self._say("221 bye")
                return False
            case _:
                return await self._say("250 ok")

    async def _begin(self) -> bool:
        self._recipient = None
        goes_on = await self._answer(MAIL)
        self._begun = self._said == USUAL[MAIL]
        return goes_on

    async def _address(self, recipient: str) -> bool:
        if not self._begun:
            # The commands travel together, so that it comes all the same.
            return await self._say("503 5.5.1 no sender")
        self._recipient = recipient
        return await self._answer(RCPT)

    async def _take(self) -> bool:
        if self._recipient is None:
            return await self._say("503 5.5.1 no recipient")
        goes_on = await self._answer(DATA)
        if not goes_on or self._said != USUAL[DATA]:
            return goes_on
        lines = []
        while (line := await self._reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line)
        content = b"".join(lines)
        await self._server.wait_at(CONTENT, self._port)
        fault = self._server.fault_at(CONTENT)
        if fault is None or fault in KEPT:
            head = BytesHeaderParser(policy=default).parsebytes(content)
            self._server.taken.append(AcceptedMail(head["Message-ID"], head["Date"], self._recipient, content))
        goes_on = await self._give(CONTENT, fault)
        if goes_on and fault is None:
            await self._server.wait_at(ANSWERED, self._port)
        return goes_on

    async def _answer(self, phase: str) -> bool:
        await self._server.wait_at(phase, self._port)
        return await self._give(phase, self._server.fault_at(phase))

    async def _give(self, phase: str, fault: str | None) -> bool:
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
        await self._say(fault or USUAL[phase])
        return not (fault or "").startswith("421")

    async def _say(self, answer: str) -> bool:
        self._said = answer
        self._writer.write(f"{answer}\r\n".encode())
        await self._writer.drain()
        return True
