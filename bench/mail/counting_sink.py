"""A mail server that only counts, as fast as Python can: it accepts and discards every mail, and offers PIPELINING.

XRESET sets the count to zero; XCOUNT replies with the mails since then, and the seconds from the first to the last and
to now.
"""

import asyncio
import sys
import time
from typing import cast

import uvloop

EHLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 33554432\r\n"


class Counter:
    """The mails since the last reset; the times are those of the first and the last one."""

    mails = 0
    first_at = last_at = 0.0


class Session(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.buffer = b""
        self.in_mail = False
        self.reply(b"220 sink ESMTP\r\n")

    def reply(self, octets: bytes) -> None:
        self.transport.write(octets)

    def data_received(self, data: bytes) -> None:
        received = self.buffer + data if self.buffer else data
        replies = []
        while received:
            head, end, rest = received.partition(b"\r\n.\r\n" if self.in_mail else b"\r\n")
            if not end:
                break
            received = rest
            replies.append(self.count_mail() if self.in_mail else self.execute(head))
        self.buffer = received
        if replies:
            self.reply(b"".join(replies))

    def count_mail(self) -> bytes:
        self.in_mail = False
        Counter.last_at = time.perf_counter()
        Counter.first_at = Counter.first_at or Counter.last_at
        Counter.mails += 1
        return b"250 accepted\r\n"

    def execute(self, command: bytes) -> bytes:
        match command[:4].upper():
            case b"EHLO":
                return EHLO
            case b"DATA":
                self.in_mail = True
                return b"354 go on\r\n"
            case b"XRES":
                Counter.mails, Counter.first_at = 0, 0.0
            case b"XCOU":
                first_at = Counter.first_at
                first_to_last, since_first = Counter.last_at - first_at, time.perf_counter() - first_at
                return b"250 %d %f %f\r\n" % (Counter.mails, first_to_last, since_first)
        return b"250 ok\r\n"


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Session, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
