"""Sends the envelope of a mail (MAIL, RCPT and DATA), and finds out whether the server is ready for its content."""

from collections.abc import Sequence

from workers.composing.compose import DATA
from workers.smtp.protocol import ConnectionLostError, Reply
from workers.smtp.replies import START_MAIL_INPUT, is_positive
from workers.smtp.session import SmtpSession


async def send_envelope(session: SmtpSession, commands: Sequence[bytes]) -> Reply | None:
    """Sends an envelope's commands one by one until one is rejected; returns that reply.

    Raises:
        ConnectionLostError: The connection was lost.
    """
    for command in commands:
        session.send(command)
        reply = await session.read_reply()
        if not _is_accepted(command, reply):
            return reply
    return None


async def read_envelope_replies(session: SmtpSession, commands: Sequence[bytes]) -> Reply | None:
    """Reads the replies to an envelope's commands, which were pipelined; returns the first rejection.

    Raises:
        ConnectionLostError: The connection was lost, and no reply before that was a rejection.
    """
    rejection: Reply | None = None
    try:
        for command in commands:
            reply = await session.read_reply()
            accepted = _is_accepted(command, reply)
            if not accepted:
                rejection = rejection or reply
        if rejection is not None and accepted:
            # It waits for the content of a mail that it has rejected: it gets an empty one (RFC 2920, 3.1).
            session.send(b".\r\n")
            await session.read_reply()
    except ConnectionLostError:
        # Once the mail was rejected, that counts, and not that the connection was lost afterwards.
        session.close()
        if rejection is None:
            raise
    return rejection


def _is_accepted(command: bytes, reply: Reply) -> bool:
    return reply.code == START_MAIL_INPUT if command == DATA else is_positive(reply)
