"""The mails: their templates, one folder each, and the code that renders them."""

from mail_templates.letter_facts import ExpiringRight, LetterFacts
from mail_templates.links import contract_link, organisation_link, task_link
from mail_templates.notification_facts import NotificationFacts
from mail_templates.rendering import RenderedMail, render

__all__ = [
    "ExpiringRight",
    "LetterFacts",
    "NotificationFacts",
    "RenderedMail",
    "contract_link",
    "organisation_link",
    "render",
    "task_link",
]
