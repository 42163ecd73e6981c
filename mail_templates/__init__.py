"""The mails: what they say, in templates beside this file, and how they are written out."""

from mail_templates.facts import MailFacts, contract_link
from mail_templates.rendering import Rendered, render

__all__ = ["MailFacts", "Rendered", "contract_link", "render"]
