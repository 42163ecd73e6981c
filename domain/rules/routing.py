"""Who gets the mail about an event (manual 4): the first level that has an address, and only that level.

`decide` is the rule itself, and asks nothing of the database: `domain.rules.routing_candidates` gathers what it
decides on, `domain.rules.routing_freeze` keeps what it decided, and a preview uses the two without keeping anything.

An explanation is JSON of codes and figures, put into words in the reader's language when it is read:

    {"skipped": [{"level": "CONTRACT", "reason": "NO_ADDRESS"}, {"level": "GROUP", "reason": "NO_ADDRESS", "count": 2}],
     "chosen": {"level": "ORGANISATION", "addresses": 1, "ways": [{}]}}

`skipped` names each level above the chosen one, in order, and why it was passed over (`SkipReason`); `count` is how
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
from domain.rules.routing_candidates import Candidates, Event
from domain.rules.routing_levels import LEVELS, Skip, SkipReason, Ways
from domain.rules.routing_ways import Recipient, Way, by_address, mailbox


class SuppressionReason(StrEnum):
    """Why nobody is mailed."""

    NO_ADDRESS = "NO_ADDRESS"
    CONTRACT_ENDED = "CONTRACT_ENDED"


@dataclass(frozen=True, slots=True)
class Decision:
    """To which level an event goes, and to which addresses there; no level means that nobody is mailed."""

    level: NotificationLevel | None
    recipients: tuple[Recipient, ...]
    explanation: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A first routing of which no mail could be delivered.

    Attributes:
        routing_id: Its key.
        level: Where it went.
        addresses: Those that were mailed there, as far as they are still known.
        failed: How many mails the mail server turned down for good.
        bounced: How many came back later.
    """

    routing_id: int
    level: NotificationLevel
    addresses: tuple[str, ...]
    failed: int
    bounced: int

    def explained(self) -> dict[str, Any]:
        """What the second routing's explanation begins with."""
        return {"level": self.level, "failed": self.failed, "bounced": self.bounced}


def decide(event: Event, candidates: Candidates, after: Undelivered | None = None) -> Decision:
    """Routes an event (manual 4, domain section 6).

    Args:
        event: What happened, or might happen.
        candidates: What stands in the database at this moment, for the event's contract and theme.
        after: The first routing, when this is to be the second: it looks below that level, and mails none of the
            addresses that failed there.
    """
    skipped: list[dict[str, Any]] = []
    explanation: dict[str, Any] = {"after": after.explained()} if after else {}
    explanation["skipped"] = skipped
    if candidates.contract_ended:
        return _nobody(explanation, SuppressionReason.CONTRACT_ENDED)
    for level, ways_of in _below(after).items():
        found = _untried(ways_of(event, candidates), after)
        if isinstance(found, Skip):
            skipped.append(found.explained(level))
            continue
        chosen = {"level": level, "addresses": len(found), "ways": [each.way for each in found]}
        return Decision(level, found, explanation | {"chosen": chosen})
    return _nobody(explanation, SuppressionReason.NO_ADDRESS)


def _nobody(explanation: dict[str, Any], reason: SuppressionReason) -> Decision:
    return Decision(None, (), explanation | {"chosen": None, "suppressed": reason})


def _below(after: Undelivered | None) -> dict[NotificationLevel, Ways]:
    if after is None:
        return LEVELS
    order = list(LEVELS)
    return {level: LEVELS[level] for level in order[order.index(after.level) + 1 :]}


def _untried(found: Sequence[Way] | Skip, after: Undelivered | None) -> tuple[Recipient, ...] | Skip:
    """The addresses that a level leads to and that haven't failed already, or why there is none."""
    if isinstance(found, Skip):
        return found
    recipients = by_address(found)
    if not recipients:
        return Skip(SkipReason.NO_ADDRESS, len(found))
    failed = {mailbox(address) for address in after.addresses} if after else set()
    untried = tuple(each for each in recipients if mailbox(each.address) not in failed)
    return untried or Skip(SkipReason.ADDRESS_FAILED, len(recipients))
