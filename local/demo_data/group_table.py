"""The table of groups, with their levels and fixed members."""

from typing import Final, NamedTuple

from domain.models import DocumentLevel, ReferenceLevel

SENDERS: Final = "Facturatie verzenden"
DRAFTERS: Final = "Facturatie opstellen"
READERS: Final = "Facturatie lezen"
OFFICE: Final = "Projectadministratie"
NORTH: Final = "Projectteam Noord"
SOUTH: Final = "Projectteam Zuid"
SITES: Final = "Werfleiding"
SAFETY: Final = "Veiligheid en kwaliteit"
STUDIES: Final = "Studiedienst"
INVOICING: Final = (SENDERS, DRAFTERS, READERS)
"""Always linked together, so that the three personas in them see the same contracts at three levels."""

WATER_INVOICING: Final = "Facturatie"
DREDGING: Final = "Baggerwerken"
COAST: Final = "Kustwerken"
JOINT_INVOICING: Final = "Facturatie"
JOINT_SITES: Final = "Werfopvolging"


class GroupRow(NamedTuple):
    """One group.

    Attributes:
        organisation: Its short name.
        name: What the group is called.
        description: What it is for.
        invoicing: Its level on the documents of invoicing.
        reference: Its level on the own reference, of every type of contract.
        members: The fixed ones.
        email: Its own address, if it has one.
        deleted: How many days ago it was made inactive.
    """

    organisation: str
    name: str
    description: str
    invoicing: DocumentLevel
    reference: ReferenceLevel
    members: tuple[str, ...]
    email: str | None = None
    deleted: int | None = None


_NONE, _READ, _DRAFT, _SEND = DocumentLevel.NONE, DocumentLevel.READ, DocumentLevel.DRAFT, DocumentLevel.SEND
_REFERENCE_READ, _REFERENCE_WRITE = ReferenceLevel.READ, ReferenceLevel.WRITE

GROUPS: Final = (
    GroupRow("scheldeland", SENDERS, "Verzenden vorderingsstaten en facturen naar de aanbesteder", _SEND,
             _REFERENCE_WRITE, ("sender", "Katrien Willems"), "facturatie@scheldeland.example"),
    GroupRow("scheldeland", DRAFTERS, "Stellen vorderingsstaten en facturen op", _DRAFT, _REFERENCE_READ,
             ("drafter", "Dirk Mertens")),
    GroupRow("scheldeland", READERS, "Volgen de facturatie op zonder zelf stukken op te stellen", _READ,
             _REFERENCE_READ, ("reader", "Ilse Van den Bossche")),
    GroupRow("scheldeland", OFFICE, "Houdt de dossiers en de eigen referenties bij", _READ, _REFERENCE_WRITE,
             ("Nathalie Dubois", "Liesbeth Verhaeghe", "Ilse Van den Bossche", "Fatima Benali"),
             "projectadministratie@scheldeland.example"),
    GroupRow("scheldeland", NORTH, "Opdrachten ten noorden van de E34", _DRAFT, _REFERENCE_READ,
             ("Wim Dewulf", "Stijn Maes", "Marleen Jacobs")),
    GroupRow("scheldeland", SOUTH, "Opdrachten ten zuiden van de E34", _DRAFT, _REFERENCE_READ,
             ("Olivier Lejeune", "Nathalie Dubois", "Filip Desmet")),
    GroupRow("scheldeland", SITES, "Leidt de uitvoering op de werven", _READ, _REFERENCE_READ,
             ("Tom Coppens", "Griet Bogaert", "Joris Van Hove", "Ann Segers")),
    GroupRow("scheldeland", SAFETY, "Preventieadviseurs en kwaliteitsverantwoordelijken; zien geen facturatie", _NONE,
             _REFERENCE_READ, ("Ann Segers",), "veiligheid@scheldeland.example"),
    GroupRow("scheldeland", STUDIES, "Maakte uitvoeringsplannen; opgegaan in de projectteams", _READ, _REFERENCE_READ,
             ("Joris Van Hove",), deleted=210),
    GroupRow("zandvliet", WATER_INVOICING, "Stelt vorderingsstaten op en verzendt ze", _SEND, _REFERENCE_WRITE,
             ("João Ferreira", "Yves Moens"), "boekhouding@zandvliet.example"),
    GroupRow("zandvliet", DREDGING, "Bagger- en ruimingswerken op de binnenwateren", _DRAFT, _REFERENCE_READ,
             ("Heike Schröder", "Sarah Vermeulen")),
    GroupRow("zandvliet", COAST, "Sluizen, kaaimuren en zeewering", _READ, _REFERENCE_READ,
             ("Kristof Baert", "Tine Pauwels")),
    GroupRow("combinatie", JOINT_INVOICING, "Facturatie van de combinatie", _SEND, _REFERENCE_WRITE,
             ("Rik Vanhoutte", "Evi Roels", "Katrien Willems")),
    GroupRow("combinatie", JOINT_SITES, "Werfleiders van de vennoten", _READ, _REFERENCE_READ,
             ("Greet D'Hondt", "Kristof Baert")),
)  # fmt: skip
