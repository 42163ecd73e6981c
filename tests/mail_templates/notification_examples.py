"""Facts for mails, one complete set for each event."""

from dataclasses import replace

from domain.models.notification import NotificationLevel, NotificationTrigger
from domain.models.user import Language
from mail_templates import NotificationFacts, contract_link

THEME = {
    Language.NL: "Facturatie",
    Language.FR: "Facturation",
    Language.EN: "Invoicing",
    Language.DE: "Rechnungsstellung",
}

PUBLIC_URL = "https://e-contracting.vlaanderen.be"

AVAILABLE = NotificationFacts(
    trigger=NotificationTrigger.CONTRACT_AVAILABLE,
    language=Language.NL,
    authority="Agentschap Wegen en Verkeer",
    organisation="Bouwwerken Janssens & Zonen nv",
    contract_number="MOW/AWV/2026/0042",
    contract_title="Structureel onderhoud N8 tussen Kortrijk en Ieper",
    link=contract_link(PUBLIC_URL, 42),
    level=NotificationLevel.ADMINISTRATOR,
    sender="Departement Mobiliteit en Openbare Werken",
    helpdesk_address="e-contracting@vlaanderen.be",
    helpdesk_phone="1700",
)
DOCUMENT = replace(
    AVAILABLE,
    trigger=NotificationTrigger.DOCUMENT_RECEIVED,
    link=contract_link(PUBLIC_URL, 42, document_id=311),
    level=NotificationLevel.GROUP,
    groups=("Facturatie", "Werfleiding West"),
    own_reference="P-2026-118",
    document_title="Goedgekeurde vorderingsstaat 3",
    theme=THEME,
)
MESSAGE = replace(
    DOCUMENT,
    trigger=NotificationTrigger.MESSAGE_RECEIVED,
    link=contract_link(PUBLIC_URL, 42, document_id=311, message_id=58),
    level=NotificationLevel.CONTRACT,
    groups=(),
    message_subject="Ontbrekende meetstaat bij vorderingsstaat 3",
)
ACTION = replace(
    DOCUMENT,
    trigger=NotificationTrigger.ACTION_RELEASED,
    link=contract_link(PUBLIC_URL, 42, document_id=311, action_id=7),
    level=NotificationLevel.USER,
    groups=("Facturatie",),
    action_title="Meetstaat aanvullen",
)
NOTIFICATIONS = {facts.trigger: facts for facts in (AVAILABLE, DOCUMENT, MESSAGE, ACTION)}
