"""The mails: what they say, in templates beside this file, and how they are written out."""

from mail_templates.facts import MailFacts
from mail_templates.letter_facts import Ending, LetterFacts
from mail_templates.links import contract_link, organisation_link, task_link
from mail_templates.rendering import Rendered, render

__all__ = [
    "Ending",
    "LetterFacts",
    "MailFacts",
    "Rendered",
    "contract_link",
    "organisation_link",
    "render",
    "task_link",
]
