"""Who gets the mail about an event (manual 4): the first level that has an address, and only that level.

`decide_routing` is the rule itself and doesn't access the database: `domain.rules.routing_candidates` reads the
candidates, and `domain.rules.notification_routing` stores the decision. A preview stores nothing.

An explanation is JSON with codes and numbers; it is worded in the reader's language when it is read:

    {"skipped": [{"level": "CONTRACT", "reason": "NO_ADDRESS"}, {"level": "GROUP", "reason": "NO_ADDRESS", "count": 2}],
     "chosen": {"level": "ORGANISATION", "addresses": 1, "ways": [{}]}}

`skipped` has each level above the chosen one, in order, and why it was skipped (`SkipReason`); `count` is the number of
groups, members or administrators without an address. `chosen` is null when nobody is mailed; then `suppressed` has the
reason (`SuppressionReason`), and is absent otherwise. `ways` has one entry per address, in the order of the deliveries'
keys: the keys of the `groups` that led to it and of the `users` who have the address, and on the last level `by`, which
lists `RIGHT` and `MANDATE`. An explanation contains no address, since those of deliveries are erased after a time.

The explanation of a second routing, which begins below the level whose mails all failed, also has `after`:

    {"after": {"level": "GROUP", "failed": 1, "bounced": 1}, "skipped": [...], "chosen": ...}
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.models.notification import NotificationLevel
from domain.rules.recipients import Contact, Recipient, address_key, recipients_of
from domain.rules.routing_candidates import Candidates, Event
from domain.rules.routing_levels import LEVELS, LevelContacts, SkippedLevel, SkipReason


class SuppressionReason(StrEnum):
    """Why nobody is mailed."""

    NO_ADDRESS = "NO_ADDRESS"
    CONTRACT_ENDED = "CONTRACT_ENDED"


@dataclass(frozen=True, slots=True)
class RoutingDecision:
    """The level to which an event is routed, and its recipients; without a level, nobody is mailed."""

    level: NotificationLevel | None
    recipients: tuple[Recipient, ...]
    explanation: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FailedRouting:
    """A first routing of which no mail could be delivered.

    Attributes:
        routing_id: Its key.
        level: Its level.
        addresses: The addresses that were mailed, except those that were erased.
        failed: How many mails failed permanently.
        bounced: How many mails bounced.
    """

    routing_id: int
    level: NotificationLevel
    addresses: tuple[str, ...]
    failed: int
    bounced: int

    def explanation(self) -> dict[str, Any]:
        """The entry `after` of the second routing's explanation."""
        return {"level": self.level, "failed": self.failed, "bounced": self.bounced}


def decide_routing(
    event: Event, candidates: Candidates, failed_routing: FailedRouting | None = None
) -> RoutingDecision:
    """Routes an event (manual 4, domain section 6).

    Args:
        event: What happened, or might happen.
        candidates: The candidates for the event's contract and theme.
        failed_routing: The first routing, if this is the second, which begins below that level and skips the addresses
            that failed there.
    """
    skipped: list[dict[str, Any]] = []
    explanation: dict[str, Any] = {"after": failed_routing.explanation()} if failed_routing else {}
    explanation["skipped"] = skipped
    if candidates.contract_ended:
        return _suppressed(explanation, SuppressionReason.CONTRACT_ENDED)
    for level, contacts_of in _levels_below(failed_routing).items():
        recipients = _recipients(contacts_of(event, candidates), failed_routing)
        if isinstance(recipients, SkippedLevel):
            skipped.append(recipients.explanation(level))
            continue
        chosen = {"level": level, "addresses": len(recipients), "ways": [each.explanation for each in recipients]}
        return RoutingDecision(level, recipients, explanation | {"chosen": chosen})
    return _suppressed(explanation, SuppressionReason.NO_ADDRESS)


def _suppressed(explanation: dict[str, Any], reason: SuppressionReason) -> RoutingDecision:
    return RoutingDecision(None, (), explanation | {"chosen": None, "suppressed": reason})


def _levels_below(failed_routing: FailedRouting | None) -> dict[NotificationLevel, LevelContacts]:
    if failed_routing is None:
        return LEVELS
    order = list(LEVELS)
    return {level: LEVELS[level] for level in order[order.index(failed_routing.level) + 1 :]}


def _recipients(
    contacts: Sequence[Contact] | SkippedLevel, failed_routing: FailedRouting | None
) -> tuple[Recipient, ...] | SkippedLevel:
    """The recipients on a level whose address hasn't failed yet, or why there is none."""
    if isinstance(contacts, SkippedLevel):
        return contacts
    recipients = recipients_of(contacts)
    if not recipients:
        return SkippedLevel(SkipReason.NO_ADDRESS, len(contacts))
    failed = {address_key(address) for address in failed_routing.addresses} if failed_routing else set()
    untried = tuple(each for each in recipients if address_key(each.address) not in failed)
    return untried or SkippedLevel(SkipReason.ADDRESS_FAILED, len(recipients))
