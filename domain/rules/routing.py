"""Who gets the mail about an event (manual 4): the first level that has an address, and only that level.

`decide_routing` is the rule itself, and asks nothing of the database: `domain.rules.routing_candidates` reads what it
decides on, and `domain.rules.notification_routing` writes down what it decided. A preview writes nothing.

An explanation is JSON of codes and figures, put into words in the reader's language when it is read:

    {"skipped": [{"level": "CONTRACT", "reason": "NO_ADDRESS"}, {"level": "GROUP", "reason": "NO_ADDRESS", "count": 2}],
     "chosen": {"level": "ORGANISATION", "addresses": 1, "ways": [{}]}}

`skipped` names each level above the chosen one, in order, and why it was skipped (`SkipReason`); `count` is how
many groups, members or administrators there are without an address. `chosen` is null when nobody is mailed; then
`suppressed` says why (`SuppressionReason`), and is absent otherwise. `ways` has one entry an address, in the order of
the deliveries' keys: the `groups` (keys) that led to it, the `users` (keys) whose address it is, and on the last level
`by`, which lists `RIGHT` and `MANDATE`. An explanation holds no address, since deliveries lose theirs in time.

A second routing begins below the level whose mails all failed, and tells so first:

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
    """The level that an event goes to, and the recipients there; no level means that nobody is mailed."""

    level: NotificationLevel | None
    recipients: tuple[Recipient, ...]
    explanation: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FailedRouting:
    """A first routing of which no mail could be delivered.

    Attributes:
        routing_id: Its key.
        level: The level that it went to.
        addresses: Those that were mailed there, as far as they are still known.
        failed: How many mails the mail server turned down for good.
        bounced: How many came back later.
    """

    routing_id: int
    level: NotificationLevel
    addresses: tuple[str, ...]
    failed: int
    bounced: int

    def explanation(self) -> dict[str, Any]:
        """What the second routing's explanation begins with."""
        return {"level": self.level, "failed": self.failed, "bounced": self.bounced}


def decide_routing(
    event: Event, candidates: Candidates, failed_routing: FailedRouting | None = None
) -> RoutingDecision:
    """Routes an event (manual 4, domain section 6).

    Args:
        event: What happened, or might happen.
        candidates: What stands in the database at this moment, for the event's contract and theme.
        failed_routing: The first routing, when this is to be the second: it looks below that level, and mails none of
            the addresses that failed there.
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
    """The recipients on a level whose address hasn't failed already, or why there is none."""
    if isinstance(contacts, SkippedLevel):
        return contacts
    recipients = recipients_of(contacts)
    if not recipients:
        return SkippedLevel(SkipReason.NO_ADDRESS, len(contacts))
    failed = {address_key(address) for address in failed_routing.addresses} if failed_routing else set()
    untried = tuple(each for each in recipients if address_key(each.address) not in failed)
    return untried or SkippedLevel(SkipReason.ADDRESS_FAILED, len(recipients))
