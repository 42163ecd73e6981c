"""What a mail server's answers mean for the mail that they are about."""

from typing import Final

from workers.smtp.addressless import without_addresses
from workers.smtp.dialogue import Reply
from workers.smtp.line import PERMANENT
from workers.smtp.line_errors import BrokenOffError, LoginRefusedError
from workers.smtp.outcome import Outcome, Verdict

CLOSING: Final = 421
START_INPUT: Final = 354
LOGIN_CODES: Final = frozenset({530, 534, 535, 538})


def is_positive(reply: Reply) -> bool:
    """Has the server done what the command asked?"""
    return reply.code // 100 == 2  # noqa: PLR2004  # RFC 5321, 4.2.1: the first digit tells


def turned_down(reply: Reply) -> Outcome:
    """What comes of a mail that this answer turned down.

    Raises:
        LoginRefusedError: It is not about the mail: the server wants a login first.
        BrokenOffError: It is not about the mail: the server takes its leave.
    """
    if reply.code in LOGIN_CODES:
        raise LoginRefusedError(f"answer: {reply.code}")
    if reply.code == CLOSING:
        raise BrokenOffError(f"answer: {reply.code}")
    verdict = Verdict.REFUSED if reply.code >= PERMANENT else Verdict.DEFERRED
    return Outcome(verdict, without_addresses(f"{reply.code} {reply.text}"), reply.code)
