"""A mail server that only counts, as fast as Python can: takes everything, keeps nothing, offers pipelining.

XFRESH begins to count anew; XCOUNT tells how many mails came since, and the seconds from the first to the last and
to now.
"""

import asyncio
import sys
import time
from typing import cast

import uvloop

EHLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 33554432\r\n"


class Counter:
    """What came in since it was last asked to begin anew."""

    mails = 0
    first = last = 0.0


class Session(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.arrived = b""
        self.in_mail = False
        self.answer(b"220 sink ESMTP\r\n")

    def answer(self, octets: bytes) -> None:
        self.transport.write(octets)

    def data_received(self, data: bytes) -> None:
        arrived = self.arrived + data if self.arrived else data
        answers = []
        while arrived:
            head, end, rest = arrived.partition(b"\r\n.\r\n" if self.in_mail else b"\r\n")
            if not end:
                break
            arrived = rest
            answers.append(self.taken() if self.in_mail else self.obey(head))
        self.arrived = arrived
        if answers:
            self.answer(b"".join(answers))

    def taken(self) -> bytes:
        self.in_mail = False
        Counter.last = time.perf_counter()
        Counter.first = Counter.first or Counter.last
        Counter.mails += 1
        return b"250 taken\r\n"

    def obey(self, command: bytes) -> bytes:
        match command[:4].upper():
            case b"EHLO":
                return EHLO
            case b"DATA":
                self.in_mail = True
                return b"354 go on\r\n"
            case b"XFRE":
                Counter.mails, Counter.first = 0, 0.0
            case b"XCOU":
                first = Counter.first
                return b"250 %d %f %f\r\n" % (Counter.mails, Counter.last - first, time.perf_counter() - first)
        return b"250 ok\r\n"


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Session, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
