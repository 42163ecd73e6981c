"""Sends mails composed beforehand over one pipelined connection, in a loop that does nothing else."""

import asyncio
import pickle
import sys
from itertools import cycle, islice
from pathlib import Path

import uvloop

from settings import settings
from workers.composing.compose import MailObject, compose

EXTENSIONS = {"PIPELINING", "8BITMIME", "SMTPUTF8"}


async def send(mail_objects: list[MailObject]) -> None:
    reader, writer = await asyncio.open_connection(settings().smtp_host, settings().smtp_port)

    async def read_replies(count: int) -> None:
        while count:
            line = await reader.readline()
            assert line[:1] in b"23", line
            count -= line[3:4] == b" "

    writer.write(b"EHLO bench\r\n")
    await read_replies(2)
    commands = [b"".join(mail_object.envelope_commands) for mail_object in mail_objects]
    contents = [mail_object.dot_stuffed_content for mail_object in mail_objects]
    writer.write(commands[0])
    await read_replies(3)
    for content, next_commands in zip(contents, commands[1:], strict=False):
        writer.write(content + next_commands)
        await read_replies(4)
    writer.write(contents[-1])
    await read_replies(1)
    writer.close()


if __name__ == "__main__":
    mails = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301  # our own file
    mail_objects = [compose(mail, settings(), EXTENSIONS) for mail in mails]
    uvloop.run(send([*islice(cycle(mail_objects), int(sys.argv[2]))]))
