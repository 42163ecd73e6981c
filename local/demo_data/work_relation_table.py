"""The table of work relations, each with the right on it.

The right was granted on the day after the work relation was created, which is its first day or earlier.
"""

from typing import Final, NamedTuple

from domain.models import Role, WorkRelationCategory

ADMINISTRATOR: Final = (Role.ADMINISTRATOR,)
USER: Final = (Role.USER,)
BOTH: Final = (Role.ADMINISTRATOR, Role.USER)
NO_ROLES: Final[tuple[Role, ...]] = ()

_PERMANENT: Final = WorkRelationCategory.PERMANENT
_EXTERNAL: Final = WorkRelationCategory.EXTERNAL
_DELEGATED: Final = WorkRelationCategory.DELEGATED


class WorkRelationRow(NamedTuple):
    """A work relation from its first to its last day, and the right on it; without roles there is no right."""

    organisation: str
    person: str
    first: int
    last: int
    roles: tuple[Role, ...]
    reason: str = ""
    category: WorkRelationCategory = _PERMANENT
    has_email: bool = True


WORK_RELATIONS: Final = (
    WorkRelationRow("scheldeland", "main-manager", 730, -700, NO_ROLES),
    WorkRelationRow("scheldeland", "manager", 640, -790, NO_ROLES),
    WorkRelationRow("scheldeland", "admin", 620, -810, ADMINISTRATOR, "Beheert de groepen en koppelingen"),
    WorkRelationRow("scheldeland", "sender", 560, -860, USER, "Verzendt de vorderingsstaten"),
    WorkRelationRow("scheldeland", "drafter", 510, -900, USER, "Stelt de vorderingsstaten op"),
    WorkRelationRow("scheldeland", "reader", 480, -930, USER, "Volgt de facturatie op"),
    WorkRelationRow("scheldeland", "specific", 410, -640, USER, "Versterkt één projectteam", _EXTERNAL),
    WorkRelationRow("scheldeland", "colleague", 90, -1200, USER, "Nieuw op de projectadministratie"),
    WorkRelationRow("scheldeland", "Marleen Jacobs", 720, -720, BOTH, "Vervangt de beheerder"),
    WorkRelationRow("scheldeland", "Katrien Willems", 690, -750, USER, "Verzendt de vorderingsstaten"),
    WorkRelationRow("scheldeland", "Dirk Mertens", 690, -740, USER, "Stelt de vorderingsstaten op"),
    WorkRelationRow("scheldeland", "Ilse Van den Bossche", 1250, -150, USER, "Projectadministratie"),
    WorkRelationRow("scheldeland", "Wim Dewulf", 350, -380, USER, "Projectleider noord", _EXTERNAL),
    WorkRelationRow("scheldeland", "Nathalie Dubois", 600, -800, USER, "Projectadministratie"),
    WorkRelationRow("scheldeland", "Olivier Lejeune", 580, -820, USER, "Projectleider zuid"),
    WorkRelationRow("scheldeland", "Tom Coppens", 430, -950, USER, "Werfleider", has_email=False),
    WorkRelationRow("scheldeland", "Liesbeth Verhaeghe", 400, -980, USER, "Projectadministratie"),
    WorkRelationRow("scheldeland", "Stijn Maes", 900, 45, USER, "Projectleider noord", _EXTERNAL),
    WorkRelationRow("scheldeland", "Griet Bogaert", 800, -600, USER, "Werfleider"),
    WorkRelationRow("scheldeland", "Filip Desmet", 1400, 500, USER, "Projectleider zuid"),
    WorkRelationRow("scheldeland", "Veerle Smets", -20, -750, USER, "Start op de projectadministratie"),
    WorkRelationRow("scheldeland", "Joris Van Hove", 710, -690, USER, "Werfleider"),
    WorkRelationRow("scheldeland", "Ann Segers", 705, -710, ADMINISTRATOR, "Beheert de groepen en koppelingen"),
    WorkRelationRow("scheldeland", "Fatima Benali", 64, -1300, USER, "Zelfregistratie"),
    WorkRelationRow("zandvliet", "Inge Cools", 720, -700, NO_ROLES),
    WorkRelationRow("zandvliet", "outsider", 700, -730, ADMINISTRATOR, "Beheert de groepen en koppelingen"),
    WorkRelationRow("zandvliet", "João Ferreira", 650, -770, USER, "Verzendt de vorderingsstaten"),
    WorkRelationRow("zandvliet", "Heike Schröder", 540, -880, USER, "Projectleider baggerwerken"),
    WorkRelationRow("zandvliet", "Kristof Baert", 520, -900, USER, "Projectleider kustwerken"),
    WorkRelationRow("zandvliet", "Sarah Vermeulen", 120, -1250, USER, "Werfopvolging"),
    WorkRelationRow("zandvliet", "Yves Moens", 500, -910, BOTH, "Vervangt de beheerder"),
    WorkRelationRow("zandvliet", "Tine Pauwels", 300, -1100, USER, "Werfopvolging"),
    WorkRelationRow("combinatie", "Charlotte Van Acker", 660, -740, NO_ROLES),
    WorkRelationRow("combinatie", "Thomas Nijs", 650, -750, ADMINISTRATOR, "Beheert de groepen en koppelingen"),
    WorkRelationRow("combinatie", "Evi Roels", 640, -760, USER, "Stelt de vorderingsstaten op"),
    WorkRelationRow("combinatie", "Rik Vanhoutte", 630, -770, USER, "Verzendt de vorderingsstaten"),
    WorkRelationRow("combinatie", "Greet D'Hondt", 610, -790, USER, "Werfopvolging"),
    WorkRelationRow("combinatie", "Katrien Willems", 600, -650, USER, "Facturatie voor de combinatie", _DELEGATED),
    WorkRelationRow("combinatie", "Kristof Baert", 500, -700, USER, "Werfopvolging voor de combinatie", _DELEGATED),
)
