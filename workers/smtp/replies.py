"""What the replies of a mail server mean for the mail that they are about."""

from typing import Final

from workers.smtp.address_redaction import redact_addresses
from workers.smtp.errors import LoginRefusedError, TransactionAbortedError
from workers.smtp.outcome import Outcome, Verdict
from workers.smtp.protocol import Reply
from workers.smtp.session import PERMANENT_FAILURE

START_MAIL_INPUT: Final = 354
SERVICE_CLOSING: Final = 421
LOGIN_CODES: Final = frozenset({530, 534, 535, 538})


def is_positive(reply: Reply) -> bool:
    """Has the server carried out the command?"""
    return reply.code // 100 == 2  # noqa: PLR2004  # RFC 5321, 4.2.1: the first digit tells


def rejection_outcome(reply: Reply) -> Outcome:
    """The outcome of a mail that was rejected with this reply.

    Raises:
        LoginRefusedError: The reply is not about the mail: the server requires a login first.
        TransactionAbortedError: The reply is not about the mail: the server is closing the connection.
    """
    if reply.code in LOGIN_CODES:
        raise LoginRefusedError(f"answer: {reply.code}")
    if reply.code == SERVICE_CLOSING:
        raise TransactionAbortedError(f"answer: {reply.code}")
    verdict = Verdict.REFUSED if reply.code >= PERMANENT_FAILURE else Verdict.DEFERRED
    return Outcome(verdict, redact_addresses(f"{reply.code} {reply.text}"), reply.code)
