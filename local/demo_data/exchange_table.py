"""The tables of documents, messages and actions."""

from typing import Final, NamedTuple


class ReceivedDocumentRow(NamedTuple):
    """A document that the authority delivered, with the name of its file if it has one."""

    contract: str
    title: str
    received: int
    file: str | None = None


class DraftedDocumentRow(NamedTuple):
    """A document of the organisation, with the name of its file if it has one; a draft unless it was sent."""

    contract: str
    title: str
    drafted: int
    sent: int | None = None
    file: str | None = None


class MessageRow(NamedTuple):
    """A message of the authority, with the title of the received document that it is about, if any."""

    contract: str
    subject: str
    body: str
    received: int
    document: str | None = None


class ActionRow(NamedTuple):
    """An action.

    Attributes:
        contract: The contract's key.
        title: What is to be done.
        opened: How many days ago it was opened.
        document: The title of the received document that it is about.
        assignee: Who took it, a day after it was opened.
        released: How many days ago the assignee released it.
        done: How many days ago the assignee completed it.
    """

    contract: str
    title: str
    opened: int
    document: str | None = None
    assignee: str | None = None
    released: int | None = None
    done: int | None = None


RECEIVED_DOCUMENTS: Final = (
    ReceivedDocumentRow("AWV/0417", "Goedgekeurde vorderingsstaat 1", 20, "vorderingsstaat-1-goedgekeurd.pdf"),
    ReceivedDocumentRow("AWV/0388", "Opmerkingen bij vorderingsstaat 2", 13, "opmerkingen.pdf"),
    ReceivedDocumentRow("AWV/0371", "Goedgekeurde vorderingsstaat 4", 9),
    ReceivedDocumentRow("AWV/0340", "Proces-verbaal van vaststelling betonplaten", 12),
    ReceivedDocumentRow("AWV/0356", "Nazicht van de meetstaat", 26),
    ReceivedDocumentRow("AWV/0410", "Goedgekeurde vorderingsstaat 1", 17),
    ReceivedDocumentRow("AWV/0103", "Herziening van de eenheidsprijzen", 41),
    ReceivedDocumentRow("DVW/0118", "Goedgekeurde vorderingsstaat 1", 10, "vorderingsstaat-1-goedgekeurd.pdf"),
    ReceivedDocumentRow("DVW/0109", "Opmerkingen bij vorderingsstaat 1", 15),
)

DRAFTED_DOCUMENTS: Final = (
    DraftedDocumentRow("AWV/0417", "Vorderingsstaat 1", 27, 26, "vorderingsstaat-1.pdf"),
    DraftedDocumentRow("AWV/0417", "Vorderingsstaat 2", 6, 5, "vorderingsstaat-2.pdf"),
    DraftedDocumentRow("AWV/0417", "Vorderingsstaat 3", 1, file="vorderingsstaat-3.pdf"),
    DraftedDocumentRow("AWV/0388", "Vorderingsstaat 2", 19, 18, "vorderingsstaat-2.pdf"),
    DraftedDocumentRow("AWV/0402", "Vorderingsstaat 1", 2, file="vorderingsstaat-1.pdf"),
)

MESSAGES: Final = (
    MessageRow("AWV/0402", "Nachtwerken in week 50",
               "De nachtwerken op de R4 zijn goedgekeurd. Gelieve de signalisatievergunning vooraf te bezorgen.", 8),
    MessageRow("AWV/0388", "Toelichting bij de opmerkingen",
               "De hoeveelheden van post 14 wijken af van de gezamenlijke opmeting. Gelieve ze na te zien.", 12,
               "Opmerkingen bij vorderingsstaat 2"),
    MessageRow("AWV/0395", "Aanvang van de werken",
               "De aanvangsdatum is vastgelegd. U ontvangt het aanvangsbevel met een afzonderlijke zending.", 35),
)  # fmt: skip

ACTIONS: Final = (
    ActionRow("AWV/0388", "Post 14 van de vorderingsstaat nazien", 12, "Opmerkingen bij vorderingsstaat 2"),
    ActionRow("AWV/0340", "Proces-verbaal ondertekenen", 11, "Proces-verbaal van vaststelling betonplaten",
              assignee="sender"),
    ActionRow("AWV/0356", "Meetstaat aanvullen", 25, "Nazicht van de meetstaat", assignee="Katrien Willems",
              released=14),
    ActionRow("AWV/0417", "Bewijs van borgstelling bezorgen", 33, assignee="drafter", done=31),
)  # fmt: skip
