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
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from domain.models.group import DocumentLevel
from domain.models.notification import NotificationLevel, NotificationTrigger
from domain.rules.routing_candidates import Candidates, Event
from domain.rules.routing_ways import Recipient, Way, by_address

REQUIRED_LEVEL: Final = {
    NotificationTrigger.DOCUMENT_RECEIVED: DocumentLevel.READ,
    NotificationTrigger.MESSAGE_RECEIVED: DocumentLevel.READ,
    NotificationTrigger.ACTION_RELEASED: DocumentLevel.DRAFT,
}
"""The right rights: what a group must be able to do, on the event's theme or on any where it has none."""


class SkipReason(StrEnum):
    """Why a level was passed over."""

    NOTHING_LINKED_YET = "NOTHING_LINKED_YET"
    """A contract has just become available: nobody can have filled in an address or linked a group."""
    NO_ADDRESS = "NO_ADDRESS"
    NO_GROUP_LINKED = "NO_GROUP_LINKED"
    NO_GROUP_WITH_RIGHTS = "NO_GROUP_WITH_RIGHTS"
    NO_MEMBER = "NO_MEMBER"
    """The groups with the right rights have no member whose right counts."""
    ONLY_THE_RELEASER = "ONLY_THE_RELEASER"
    """The only such member is the one who released the action."""
    NO_ADMINISTRATOR = "NO_ADMINISTRATOR"


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
class _Skip:
    reason: SkipReason
    count: int = 0

    def explained(self, level: NotificationLevel) -> dict[str, Any]:
        return {"level": level, "reason": self.reason} | ({"count": self.count} if self.count else {})


def decide(event: Event, candidates: Candidates) -> Decision:
    """Routes an event (manual 4, domain section 6).

    Args:
        event: What happened, or might happen.
        candidates: What stands in the database at this moment, for the event's contract and theme.
    """
    skipped: list[dict[str, Any]] = []
    if candidates.contract_ended:
        return _nobody(skipped, SuppressionReason.CONTRACT_ENDED)
    for level, ways_of in _LEVELS.items():
        found = ways_of(event, candidates)
        recipients = by_address(found) if not isinstance(found, _Skip) else ()
        if recipients:
            chosen = {"level": level, "addresses": len(recipients), "ways": [each.way for each in recipients]}
            return Decision(level, recipients, {"skipped": skipped, "chosen": chosen})
        reason = found if isinstance(found, _Skip) else _Skip(SkipReason.NO_ADDRESS, len(found))
        skipped.append(reason.explained(level))
    return _nobody(skipped, SuppressionReason.NO_ADDRESS)


def _nobody(skipped: list[dict[str, Any]], reason: SuppressionReason) -> Decision:
    return Decision(None, (), {"skipped": skipped, "chosen": None, "suppressed": reason})


def _contract(event: Event, candidates: Candidates) -> Sequence[Way] | _Skip:
    if event.trigger is NotificationTrigger.CONTRACT_AVAILABLE:
        return _Skip(SkipReason.NOTHING_LINKED_YET)
    return [Way(candidates.contract_email)] if candidates.contract_email else []


def _groups(event: Event, candidates: Candidates) -> Sequence[Way] | _Skip:
    entitled = _entitled(event, candidates)
    if isinstance(entitled, _Skip):
        return entitled
    return [Way(group.email, group_id=group.id) for group in candidates.groups if group.id in entitled]


def _organisation(_event: Event, candidates: Candidates) -> Sequence[Way] | _Skip:
    return [Way(candidates.organisation_email)] if candidates.organisation_email else []


def _users(event: Event, candidates: Candidates) -> Sequence[Way] | _Skip:
    entitled = _entitled(event, candidates)
    if isinstance(entitled, _Skip):
        return entitled
    members = [member for member in candidates.members if member.group_id in entitled]
    involved = [member for member in members if member.user_id != event.released_by]
    if not involved:
        return _Skip(SkipReason.ONLY_THE_RELEASER if members else SkipReason.NO_MEMBER)
    return involved


def _administrators(_event: Event, candidates: Candidates) -> Sequence[Way] | _Skip:
    return candidates.administrators or _Skip(SkipReason.NO_ADMINISTRATOR)


def _entitled(event: Event, candidates: Candidates) -> set[int] | _Skip:
    """The linked groups with the right rights."""
    if event.trigger is NotificationTrigger.CONTRACT_AVAILABLE:
        return _Skip(SkipReason.NOTHING_LINKED_YET)
    if not candidates.groups:
        return _Skip(SkipReason.NO_GROUP_LINKED)
    required = REQUIRED_LEVEL[event.trigger]
    return {group.id for group in candidates.groups if group.level >= required} or _Skip(
        SkipReason.NO_GROUP_WITH_RIGHTS
    )


_LEVELS: Final = {
    NotificationLevel.CONTRACT: _contract,
    NotificationLevel.GROUP: _groups,
    NotificationLevel.ORGANISATION: _organisation,
    NotificationLevel.USER: _users,
    NotificationLevel.ADMINISTRATOR: _administrators,
}
