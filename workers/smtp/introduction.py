"""The introduction of a mail: MAIL, RCPT and DATA, and whether the server is ready for its content."""

from collections.abc import Sequence

from workers.smtp.answers import START_INPUT, is_positive
from workers.smtp.dialogue import LostError, Reply
from workers.smtp.line import Line
from workers.writing.render import DATA


async def answered_one_by_one(line: Line, commands: Sequence[bytes]) -> Reply | None:
    """Sends an envelope's commands until one is refused; answers that refusal.

    Raises:
        LostError: The line broke.
    """
    for command in commands:
        line.send(command)
        reply = await line.reply()
        if not _is_taken(command, reply):
            return reply
    return None


async def answered_together(line: Line, commands: Sequence[bytes]) -> Reply | None:
    """Reads the answers to an envelope's commands, which were sent together; answers the first refusal.

    Raises:
        LostError: The line broke, and no answer before that was a refusal.
    """
    refusal: Reply | None = None
    try:
        for command in commands:
            reply = await line.reply()
            taken = _is_taken(command, reply)
            if not taken:
                refusal = refusal or reply
        if refusal is not None and taken:
            # It wants the content of a mail that it has refused: it gets an empty one (RFC 2920, 3.1).
            line.send(b".\r\n")
            await line.reply()
    except LostError:
        # Once the mail was refused, that counts, and not that the line broke afterwards.
        line.close()
        if refusal is None:
            raise
    return refusal


def _is_taken(command: bytes, reply: Reply) -> bool:
    return reply.code == START_INPUT if command == DATA else is_positive(reply)
