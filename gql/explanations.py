"""Texts about notifications in the reader's language: explanations of routings, and examples for previews."""

from typing import Any, Final

from domain.models import NotificationLevel
from domain.rules.routing import SuppressionReason
from domain.rules.routing_levels import SkipReason
from wording import text

CHOSEN_LEVELS: Final = {
    NotificationLevel.CONTRACT: "The contract has an e-mail address, which gets every mail about it.",
    NotificationLevel.GROUP: "Linked groups with the right rights have an e-mail address.",
    NotificationLevel.ORGANISATION: "The organisation has an e-mail address.",
    NotificationLevel.USER: "Members of the linked groups with the right rights have an e-mail address.",
    NotificationLevel.ADMINISTRATOR: "Only the administrators have an e-mail address.",
}
"""Why a level was chosen."""
SKIPPED_LEVELS: Final = {
    (NotificationLevel.CONTRACT, SkipReason.NO_ADDRESS): "The contract has no e-mail address.",
    (NotificationLevel.GROUP, SkipReason.NO_ADDRESS): "No linked group with the right rights has an e-mail address.",
    (NotificationLevel.ORGANISATION, SkipReason.NO_ADDRESS): "The organisation has no e-mail address.",
    (NotificationLevel.USER, SkipReason.NO_ADDRESS): "No member involved has an e-mail address.",
    (NotificationLevel.ADMINISTRATOR, SkipReason.NO_ADDRESS): "No administrator has an e-mail address.",
    (NotificationLevel.ORGANISATION, SkipReason.ADDRESS_FAILED): "The organisation has the same e-mail address.",
    (NotificationLevel.USER, SkipReason.ADDRESS_FAILED): "The members involved have only the same e-mail addresses.",
    (NotificationLevel.ADMINISTRATOR, SkipReason.ADDRESS_FAILED): (
        "The administrators have only the same e-mail addresses."
    ),
}
"""Why a level was skipped, where that depends on the level."""
SKIP_REASONS: Final = {
    SkipReason.NOTHING_LINKED_YET: "Nothing can be linked to a new contract yet.",
    SkipReason.NO_GROUP_LINKED: "No group is linked to the contract.",
    SkipReason.NO_GROUP_WITH_RIGHTS: "No linked group has the right rights.",
    SkipReason.NO_MEMBER: "No group with the right rights has a member whose right counts.",
    SkipReason.ONLY_THE_RELEASER: "The only member involved released the action.",
    SkipReason.NO_ADMINISTRATOR: "The organisation has no administrator.",
}
"""Why a level was skipped otherwise."""
FAILED_LEVELS: Final = {
    NotificationLevel.GROUP: "The mails to the addresses of the groups could not be delivered.",
    NotificationLevel.ORGANISATION: "The mail to the organisation's address could not be delivered.",
    NotificationLevel.USER: "The mails to the members could not be delivered.",
    NotificationLevel.ADMINISTRATOR: "The mails to the administrators could not be delivered.",
}
"""Why there is a second routing, by the level of the first."""
SUPPRESSED: Final = {
    SuppressionReason.NO_ADDRESS: "So nobody is mailed.",
    SuppressionReason.CONTRACT_ENDED: "The contract has ended: nobody is mailed about it any more.",
}
"""Why no level was chosen."""
CHOSEN_LEVELS_AFTER_FAILURE: Final = CHOSEN_LEVELS | {
    NotificationLevel.ADMINISTRATOR: "The administrators have an e-mail address."
}
SUPPRESSED_AFTER_FAILURE: Final = SUPPRESSED | {SuppressionReason.NO_ADDRESS: "So nobody else was mailed."}
EXAMPLES: Final = {
    "document_title": "Example of a document",
    "message_subject": "Example of a message",
    "action_title": "Example of an action",
}
"""The texts in the preview of a mail about an event that hasn't happened, by the fact that they stand for."""


def explanation(language: str, level: NotificationLevel | None, facts: dict[str, Any]) -> str:
    """Why a routing has its level, or none: a sentence for each level that was skipped, and one for the outcome.

    Args:
        language: `nl`, `fr`, `en` or `de`.
        level: The level that was chosen; None where nobody is mailed.
        facts: The facts stored with the routing. Those of a second one contain `after`, the level of the first.
    """
    sentences = []
    if "after" in facts:
        sentences.append(FAILED_LEVELS[NotificationLevel(facts["after"]["level"])])
    for skipped in facts.get("skipped", ()):
        reason = SkipReason(skipped["reason"])
        key = (NotificationLevel(skipped["level"]), reason)
        sentence = SKIPPED_LEVELS.get(key) or SKIP_REASONS[reason]
        if sentence not in sentences:
            sentences.append(sentence)
    sentences.append(_outcome(level, facts))
    return " ".join(text(language, sentence) for sentence in sentences)


def _outcome(level: NotificationLevel | None, facts: dict[str, Any]) -> str:
    is_second = "after" in facts
    if level:
        return (CHOSEN_LEVELS_AFTER_FAILURE if is_second else CHOSEN_LEVELS)[level]
    return (SUPPRESSED_AFTER_FAILURE if is_second else SUPPRESSED)[SuppressionReason(facts["suppressed"])]


def example(language: str, fact: str) -> str:
    """The text that stands for a fact in the preview of a mail, by the fact's name."""
    return text(language, EXAMPLES[fact])
