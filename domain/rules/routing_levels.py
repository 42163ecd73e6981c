"""The levels of a routing (manual 4): whom each would mail, or why it is skipped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from domain.models.group import DocumentLevel
from domain.models.notification import NotificationLevel, NotificationTrigger
from domain.rules.recipients import Contact
from domain.rules.routing_candidates import Candidates, Event

REQUIRED_LEVEL: Final = {
    NotificationTrigger.DOCUMENT_RECEIVED: DocumentLevel.READ,
    NotificationTrigger.MESSAGE_RECEIVED: DocumentLevel.READ,
    NotificationTrigger.ACTION_RELEASED: DocumentLevel.DRAFT,
}
"""The level that a group must have on the event's theme (on any theme, if the event has none), by trigger."""


class SkipReason(StrEnum):
    """Why a level was skipped."""

    NOTHING_LINKED_YET = "NOTHING_LINKED_YET"
    """A contract has just become available: it has no address and no linked groups yet."""
    NO_ADDRESS = "NO_ADDRESS"
    NO_GROUP_LINKED = "NO_GROUP_LINKED"
    NO_GROUP_WITH_RIGHTS = "NO_GROUP_WITH_RIGHTS"
    NO_MEMBER = "NO_MEMBER"
    """The groups with the required level have no member whose right counts."""
    ONLY_THE_RELEASER = "ONLY_THE_RELEASER"
    """The only such member is the one who released the action."""
    NO_ADMINISTRATOR = "NO_ADMINISTRATOR"
    ADDRESS_FAILED = "ADDRESS_FAILED"
    """In a second routing: the mail to every address on this level has failed already."""


@dataclass(frozen=True, slots=True)
class SkippedLevel:
    """A level that is skipped: why, and how many groups, members or administrators have no usable address."""

    reason: SkipReason
    count: int = 0

    def explanation(self, level: NotificationLevel) -> dict[str, Any]:
        """The level's entry in a routing's explanation."""
        return {"level": level, "reason": self.reason} | ({"count": self.count} if self.count else {})


LevelContacts: TypeAlias = Callable[[Event, Candidates], Sequence[Contact] | SkippedLevel]


def _contract(event: Event, candidates: Candidates) -> Sequence[Contact] | SkippedLevel:
    if event.trigger is NotificationTrigger.CONTRACT_AVAILABLE:
        return SkippedLevel(SkipReason.NOTHING_LINKED_YET)
    return [Contact(candidates.contract_email)] if candidates.contract_email else []


def _groups(event: Event, candidates: Candidates) -> Sequence[Contact] | SkippedLevel:
    entitled = _entitled_groups(event, candidates)
    if isinstance(entitled, SkippedLevel):
        return entitled
    return [Contact(group.email, group_id=group.id) for group in candidates.groups if group.id in entitled]


def _organisation(_event: Event, candidates: Candidates) -> Sequence[Contact] | SkippedLevel:
    return [Contact(candidates.organisation_email)] if candidates.organisation_email else []


def _users(event: Event, candidates: Candidates) -> Sequence[Contact] | SkippedLevel:
    entitled = _entitled_groups(event, candidates)
    if isinstance(entitled, SkippedLevel):
        return entitled
    members = [member for member in candidates.members if member.group_id in entitled]
    involved = [member for member in members if member.user_id != event.released_by]
    if not involved:
        return SkippedLevel(SkipReason.ONLY_THE_RELEASER if members else SkipReason.NO_MEMBER)
    return involved


def _administrators(_event: Event, candidates: Candidates) -> Sequence[Contact] | SkippedLevel:
    return candidates.administrators or SkippedLevel(SkipReason.NO_ADMINISTRATOR)


def _entitled_groups(event: Event, candidates: Candidates) -> set[int] | SkippedLevel:
    """The keys of the linked groups with the required level."""
    if event.trigger is NotificationTrigger.CONTRACT_AVAILABLE:
        return SkippedLevel(SkipReason.NOTHING_LINKED_YET)
    if not candidates.groups:
        return SkippedLevel(SkipReason.NO_GROUP_LINKED)
    required = REQUIRED_LEVEL[event.trigger]
    entitled = {group.id for group in candidates.groups if group.level >= required}
    return entitled or SkippedLevel(SkipReason.NO_GROUP_WITH_RIGHTS)


LEVELS: Final[dict[NotificationLevel, LevelContacts]] = {
    NotificationLevel.CONTRACT: _contract,
    NotificationLevel.GROUP: _groups,
    NotificationLevel.ORGANISATION: _organisation,
    NotificationLevel.USER: _users,
    NotificationLevel.ADMINISTRATOR: _administrators,
}
