"""What was exchanged on the contracts, as tables."""

from typing import Final, NamedTuple


class Received(NamedTuple):
    """A document that the authority delivered, with a file when one is named."""

    contract: str
    title: str
    ago: int
    file: str | None = None


class Drafted(NamedTuple):
    """A document of the organisation, with a file when one is named; without `sent` it is still a draft."""

    contract: str
    title: str
    drafted: int
    sent: int | None = None
    file: str | None = None


class MessageRow(NamedTuple):
    """A message of the authority, about a document that it delivered when one is named."""

    contract: str
    subject: str
    body: str
    ago: int
    document: str | None = None


class ActionRow(NamedTuple):
    """An action; who has it, who did it, or who let it go again.

    Attributes:
        contract: The contract's key.
        title: What is to be done.
        opened: How many days ago.
        document: The title of the received document that it is about.
        taken_by: Who took it, a day after it was opened.
        released: How many days ago that person let it go.
        done: How many days ago that person did it.
    """

    contract: str
    title: str
    opened: int
    document: str | None = None
    taken_by: str | None = None
    released: int | None = None
    done: int | None = None


RECEIVED: Final = (
    Received("AWV/0417", "Goedgekeurde vorderingsstaat 1", 20, "vorderingsstaat-1-goedgekeurd.pdf"),
    Received("AWV/0388", "Opmerkingen bij vorderingsstaat 2", 13, "opmerkingen.pdf"),
    Received("AWV/0371", "Goedgekeurde vorderingsstaat 4", 9),
    Received("AWV/0340", "Proces-verbaal van vaststelling betonplaten", 12),
    Received("AWV/0356", "Nazicht van de meetstaat", 26),
    Received("AWV/0410", "Goedgekeurde vorderingsstaat 1", 17),
    Received("AWV/0103", "Herziening van de eenheidsprijzen", 41),
    Received("DVW/0118", "Goedgekeurde vorderingsstaat 1", 10, "vorderingsstaat-1-goedgekeurd.pdf"),
    Received("DVW/0109", "Opmerkingen bij vorderingsstaat 1", 15),
)

DRAFTED: Final = (
    Drafted("AWV/0417", "Vorderingsstaat 1", 27, 26, "vorderingsstaat-1.pdf"),
    Drafted("AWV/0417", "Vorderingsstaat 2", 6, 5, "vorderingsstaat-2.pdf"),
    Drafted("AWV/0417", "Vorderingsstaat 3", 1, file="vorderingsstaat-3.pdf"),
    Drafted("AWV/0388", "Vorderingsstaat 2", 19, 18, "vorderingsstaat-2.pdf"),
    Drafted("AWV/0402", "Vorderingsstaat 1", 2, file="vorderingsstaat-1.pdf"),
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
              taken_by="sender"),
    ActionRow("AWV/0356", "Meetstaat aanvullen", 25, "Nazicht van de meetstaat",
              taken_by="Katrien Willems", released=14),
    ActionRow("AWV/0417", "Bewijs van borgstelling bezorgen", 33, taken_by="drafter", done=31),
)  # fmt: skip
