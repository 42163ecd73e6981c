"""Mails that were written before, pushed down one pipelined connection by a loop that does nothing else."""

import asyncio
import pickle
import sys
from itertools import cycle, islice
from pathlib import Path

import uvloop

from settings import settings
from workers.composing.compose import MailObject, compose

EXTENSIONS = {"PIPELINING", "8BITMIME", "SMTPUTF8"}


async def push(mail_objects: list[MailObject]) -> None:
    reader, writer = await asyncio.open_connection(settings().smtp_host, settings().smtp_port)

    async def answers(count: int) -> None:
        while count:
            line = await reader.readline()
            assert line[:1] in b"23", line
            count -= line[3:4] == b" "

    writer.write(b"EHLO bench\r\n")
    await answers(2)
    commands = [b"".join(mail_object.envelope_commands) for mail_object in mail_objects]
    contents = [mail_object.dot_stuffed_content for mail_object in mail_objects]
    writer.write(commands[0])
    await answers(3)
    for content, following in zip(contents, commands[1:], strict=False):
        writer.write(content + following)
        await answers(4)
    writer.write(contents[-1])
    await answers(1)
    writer.close()


if __name__ == "__main__":
    mails = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301  # our own file
    written = [compose(mail, settings(), EXTENSIONS) for mail in mails]
    uvloop.run(push([*islice(cycle(written), int(sys.argv[2]))]))
