"""Many mails tried again at once, by the operator."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from commands.runtime import message_of
from domain.actor import OPERATOR
from domain.mail_log.mails import MailFilter, mail_keys
from domain.refusals import Refusal
from domain.rules.delivery_retry import RETRYABLE, retry_as_operator


@dataclass(frozen=True, slots=True)
class RefusedRetry:
    """A mail that was not tried again, and why."""

    id: int
    reason: str


@dataclass(frozen=True, slots=True)
class RetryResult:
    """The keys of the mails that wait again, and those that were refused."""

    retried: tuple[int, ...]
    refused: tuple[RefusedRetry, ...]


async def retried_keys(mail_filter: MailFilter) -> list[int]:
    """The keys of the mails that are meant and have failed, bounced or are uncertain, oldest first."""
    return await mail_keys(replace(mail_filter, statuses=mail_filter.statuses or RETRYABLE))


async def retry_all(keys: Sequence[int], progress: Callable[[int, int], None]) -> RetryResult:
    """Tries each again, in an act of its own; one that is refused stops no other.

    Args:
        keys: The deliveries.
        progress: Told how many there are, and how many are left.
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
