"""The groups as a table: what they allow and whom they hold."""

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
"""Always linked together, so that the three personas in them share their contracts at three levels."""

WATER_INVOICING: Final = "Facturatie"
DREDGING: Final = "Baggerwerken"
COAST: Final = "Kustwerken"
JOINT_INVOICING: Final = "Facturatie"
JOINT_SITES: Final = "Werfopvolging"


class Team(NamedTuple):
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
_SEES, _WRITES = ReferenceLevel.READ, ReferenceLevel.WRITE

TEAMS: Final = (
    Team("scheldeland", SENDERS, "Verzenden vorderingsstaten en facturen naar de aanbesteder", _SEND, _WRITES,
         ("sender", "Katrien Willems"), "facturatie@scheldeland.example"),
    Team("scheldeland", DRAFTERS, "Stellen vorderingsstaten en facturen op", _DRAFT, _SEES,
         ("drafter", "Dirk Mertens")),
    Team("scheldeland", READERS, "Volgen de facturatie op zonder zelf stukken op te stellen", _READ, _SEES,
         ("reader", "Ilse Van den Bossche")),
    Team("scheldeland", OFFICE, "Houdt de dossiers en de eigen referenties bij", _READ, _WRITES,
         ("Nathalie Dubois", "Liesbeth Verhaeghe", "Ilse Van den Bossche", "Fatima Benali"),
         "projectadministratie@scheldeland.example"),
    Team("scheldeland", NORTH, "Opdrachten ten noorden van de E34", _DRAFT, _SEES,
         ("Wim Dewulf", "Stijn Maes", "Marleen Jacobs")),
    Team("scheldeland", SOUTH, "Opdrachten ten zuiden van de E34", _DRAFT, _SEES,
         ("Olivier Lejeune", "Nathalie Dubois", "Filip Desmet")),
    Team("scheldeland", SITES, "Leidt de uitvoering op de werven", _READ, _SEES,
         ("Tom Coppens", "Griet Bogaert", "Joris Van Hove", "Ann Segers")),
    Team("scheldeland", SAFETY, "Preventieadviseurs en kwaliteitsverantwoordelijken; zien geen facturatie", _NONE,
         _SEES, ("Ann Segers",), "veiligheid@scheldeland.example"),
    Team("scheldeland", STUDIES, "Maakte uitvoeringsplannen; opgegaan in de projectteams", _READ, _SEES,
         ("Joris Van Hove",), deleted=210),
    Team("zandvliet", WATER_INVOICING, "Stelt vorderingsstaten op en verzendt ze", _SEND, _WRITES,
         ("João Ferreira", "Yves Moens"), "boekhouding@zandvliet.example"),
    Team("zandvliet", DREDGING, "Bagger- en ruimingswerken op de binnenwateren", _DRAFT, _SEES,
         ("Heike Schröder", "Sarah Vermeulen")),
    Team("zandvliet", COAST, "Sluizen, kaaimuren en zeewering", _READ, _SEES,
         ("Kristof Baert", "Tine Pauwels")),
    Team("combinatie", JOINT_INVOICING, "Facturatie van de combinatie", _SEND, _WRITES,
         ("Rik Vanhoutte", "Evi Roels", "Katrien Willems")),
    Team("combinatie", JOINT_SITES, "Werfleiders van de vennoten", _READ, _SEES,
         ("Greet D'Hondt", "Kristof Baert")),
)  # fmt: skip
