"""The facts that the templates of a notification's mail are rendered with."""

from dataclasses import dataclass

from domain.models.notification import NotificationLevel, NotificationTrigger
from domain.models.user import Language


@dataclass(frozen=True, slots=True)
class NotificationFacts:
    """Everything that a notification's mail says (manual 5).

    Attributes:
        trigger: What happened.
        language: The language of the mail.
        authority: The contracting authority's name.
        organisation: The name of the organisation that carries out the contract.
        contract_number: The contract's number.
        contract_title: The contract's title.
        own_reference: The organisation's own name for the contract.
        document_title: The title of the document that it is about.
        theme: The name of that document's theme, by language.
        message_subject: The subject of the message.
        action_title: The title of the action.
        link: The URL of the contract's page, which shows what happened on it.
        level: The level that it was routed to; None in a preview without recipients.
        groups: The names of the groups that led to the recipient.
        after: In a second routing, the level of the first, all of whose mails failed or bounced.
        sender: The sender's display name.
        helpdesk_address: The helpdesk's mail address.
        helpdesk_phone: The helpdesk's phone number for questions about access.
    """

    trigger: NotificationTrigger
    language: Language
    authority: str
    organisation: str
    contract_number: str
    contract_title: str
    link: str
    level: NotificationLevel | None
    sender: str
    helpdesk_address: str
    helpdesk_phone: str
    own_reference: str | None = None
    document_title: str | None = None
    theme: dict[Language, str] | None = None
    message_subject: str | None = None
    action_title: str | None = None
    groups: tuple[str, ...] = ()
    after: NotificationLevel | None = None

    @property
    def mail(self) -> str:
        """The folder of its templates."""
        return self.trigger.lower()
