"""What a mail tells: the facts that its templates may name."""

from dataclasses import dataclass

from domain.models.notification import NotificationLevel, NotificationTrigger
from domain.models.user import Language


@dataclass(frozen=True, slots=True)
class MailFacts:
    """Everything that one mail says (manual 5).

    Attributes:
        trigger: What happened.
        language: The language that the recipient is written to in.
        authority: The contracting authority's name.
        organisation: The name of the organisation that carries out the contract.
        contract_number: The contract's number.
        contract_title: The contract's title.
        own_reference: The organisation's own name for the contract.
        document_title: The title of the document that it is about.
        theme: The theme of that document, by language.
        message_subject: The subject of the message.
        action_title: The title of the action.
        link: Where the contract can be seen, and what happened on it.
        level: The level of the routing that led to the recipient; None in a preview, where nobody would get it.
        groups: The names of the groups that led to the recipient.
        after: The level whose every mail failed or came back, where this one is of the second routing.
        sender: The name that the mail is sent under.
        helpdesk_address: Where questions go.
        helpdesk_phone: Whom to call about access.
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
