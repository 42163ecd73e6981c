"""Retries of many mails by the operator."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from commands.runtime import message_of
from domain.actor import OPERATOR
from domain.mail_log.mails import MailFilter, mail_keys
from domain.refusals import Refusal
from domain.rules.delivery_retry import RETRYABLE, retry_as_operator


@dataclass(frozen=True, slots=True)
class RefusedRetry:
    """A mail that was not retried, and why."""

    id: int
    reason: str


@dataclass(frozen=True, slots=True)
class RetryResult:
    """The keys of the mails that are pending again, and the mails that were refused."""

    retried: tuple[int, ...]
    refused: tuple[RefusedRetry, ...]


async def retryable_keys(mail_filter: MailFilter) -> list[int]:
    """The keys of the matching mails that failed, bounced or are uncertain, oldest first."""
    return await mail_keys(replace(mail_filter, statuses=mail_filter.statuses or RETRYABLE))


async def retry_all(keys: Sequence[int], progress: Callable[[int, int], None]) -> RetryResult:
    """Retries each mail in a transaction of its own; one that is refused doesn't stop the others.

    Args:
        keys: The deliveries.
        progress: Called with their number, and how many of them are left.
    """
    retried, refused = [], []
    for number, key in enumerate(keys):
        progress(len(keys), len(keys) - number)
        try:
            await retry_as_operator(actor=OPERATOR, delivery_id=key)
            retried.append(key)
        except Refusal as refusal:
            refused.append(RefusedRetry(key, message_of(refusal)))
    progress(len(keys), 0)
    return RetryResult(tuple(retried), tuple(refused))
