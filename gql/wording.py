"""Texts of the graph that are kept as codes and worded when they are read."""

from typing import Any, Final

from domain.models import NotificationLevel
from domain.rules.routing import SkipReason, SuppressionReason
from wording import text

CHOSEN: Final = {
    NotificationLevel.CONTRACT: "The contract has an e-mail address, which gets every mail about it.",
    NotificationLevel.GROUP: "Linked groups with the right rights have an e-mail address.",
    NotificationLevel.ORGANISATION: "The organisation has an e-mail address.",
    NotificationLevel.USER: "Members of the linked groups with the right rights have an e-mail address.",
    NotificationLevel.ADMINISTRATOR: "Only the administrators have an e-mail address.",
}
SKIPPED: Final = {
    (NotificationLevel.CONTRACT, SkipReason.NO_ADDRESS): "The contract has no e-mail address.",
    (NotificationLevel.GROUP, SkipReason.NO_ADDRESS): "No linked group with the right rights has an e-mail address.",
    (NotificationLevel.ORGANISATION, SkipReason.NO_ADDRESS): "The organisation has no e-mail address.",
    (NotificationLevel.USER, SkipReason.NO_ADDRESS): "No member involved has an e-mail address.",
    (NotificationLevel.ADMINISTRATOR, SkipReason.NO_ADDRESS): "No administrator has an e-mail address.",
}
REASONS: Final = {
    SkipReason.NOTHING_LINKED_YET: "Nothing can be linked to a new contract yet.",
    SkipReason.NO_GROUP_LINKED: "No group is linked to the contract.",
    SkipReason.NO_GROUP_WITH_RIGHTS: "No linked group has the right rights.",
    SkipReason.NO_MEMBER: "No group with the right rights has a member whose right counts.",
    SkipReason.ONLY_THE_RELEASER: "The only member involved released the action.",
    SkipReason.NO_ADMINISTRATOR: "The organisation has no administrator.",
}
NOBODY: Final = {
    SuppressionReason.NO_ADDRESS: "So nobody was mailed.",
    SuppressionReason.CONTRACT_ENDED: "The contract has ended: nobody is mailed about it any more.",
}


def explanation(language: str, level: NotificationLevel | None, told: dict[str, Any]) -> str:
    """Why a routing has its level, or none: a sentence for each level passed over, and one for the outcome."""
    sentences = []
    for skipped in told.get("skipped", ()):
        reason = SkipReason(skipped["reason"])
        key = (NotificationLevel(skipped["level"]), reason)
        sentence = SKIPPED.get(key) or REASONS[reason]
        if sentence not in sentences:
            sentences.append(sentence)
    sentences.append(CHOSEN[level] if level else NOBODY[SuppressionReason(told["suppressed"])])
    return " ".join(text(language, sentence) for sentence in sentences)
