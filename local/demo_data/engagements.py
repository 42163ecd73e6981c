"""Who works where, for which days and with which right, as a table.

Days are counted back from the day of loading: 700 is 700 days ago, -800 is in 800 days. The right was granted on the
day after the work relation was made, which is its first day or earlier.
"""

from typing import Final, NamedTuple

from domain.models import Role, WorkRelationCategory

ADMINISTRATOR: Final = (Role.ADMINISTRATOR,)
USER: Final = (Role.USER,)
BOTH: Final = (Role.ADMINISTRATOR, Role.USER)
NOTHING: Final[tuple[Role, ...]] = ()

_PERMANENT: Final = WorkRelationCategory.PERMANENT
_EXTERNAL: Final = WorkRelationCategory.EXTERNAL
_DELEGATED: Final = WorkRelationCategory.DELEGATED


class Engagement(NamedTuple):
    """One work relation and the right on it; without roles there is no right."""

    organisation: str
    person: str
    first: int
    last: int
    roles: tuple[Role, ...]
    reason: str = ""
    category: WorkRelationCategory = _PERMANENT
    has_email: bool = True


ENGAGEMENTS: Final = (
    Engagement("scheldeland", "main-manager", 730, -700, NOTHING),
    Engagement("scheldeland", "manager", 640, -790, NOTHING),
    Engagement("scheldeland", "admin", 620, -810, ADMINISTRATOR, "Beheert de groepen en koppelingen"),
    Engagement("scheldeland", "sender", 560, -860, USER, "Verzendt de vorderingsstaten"),
    Engagement("scheldeland", "drafter", 510, -900, USER, "Stelt de vorderingsstaten op"),
    Engagement("scheldeland", "reader", 480, -930, USER, "Volgt de facturatie op"),
    Engagement("scheldeland", "specific", 410, -640, USER, "Versterkt één projectteam", _EXTERNAL),
    Engagement("scheldeland", "colleague", 90, -1200, USER, "Nieuw op de projectadministratie"),
    Engagement("scheldeland", "Marleen Jacobs", 720, -720, BOTH, "Vervangt de beheerder"),
    Engagement("scheldeland", "Katrien Willems", 690, -750, USER, "Verzendt de vorderingsstaten"),
    Engagement("scheldeland", "Dirk Mertens", 690, -740, USER, "Stelt de vorderingsstaten op"),
    Engagement("scheldeland", "Ilse Van den Bossche", 1250, -150, USER, "Projectadministratie"),
    Engagement("scheldeland", "Wim Dewulf", 350, -380, USER, "Projectleider noord", _EXTERNAL),
    Engagement("scheldeland", "Nathalie Dubois", 600, -800, USER, "Projectadministratie"),
    Engagement("scheldeland", "Olivier Lejeune", 580, -820, USER, "Projectleider zuid"),
    Engagement("scheldeland", "Tom Coppens", 430, -950, USER, "Werfleider", has_email=False),
    Engagement("scheldeland", "Liesbeth Verhaeghe", 400, -980, USER, "Projectadministratie"),
    Engagement("scheldeland", "Stijn Maes", 900, 45, USER, "Projectleider noord", _EXTERNAL),
    Engagement("scheldeland", "Griet Bogaert", 800, -600, USER, "Werfleider"),
    Engagement("scheldeland", "Filip Desmet", 1400, 500, USER, "Projectleider zuid"),
    Engagement("scheldeland", "Veerle Smets", -20, -750, USER, "Start op de projectadministratie"),
    Engagement("scheldeland", "Joris Van Hove", 710, -690, USER, "Werfleider"),
    Engagement("scheldeland", "Ann Segers", 705, -710, ADMINISTRATOR, "Beheert de groepen en koppelingen"),
    Engagement("scheldeland", "Fatima Benali", 64, -1300, USER, "Zelfregistratie"),
    Engagement("zandvliet", "Inge Cools", 720, -700, NOTHING),
    Engagement("zandvliet", "outsider", 700, -730, ADMINISTRATOR, "Beheert de groepen en koppelingen"),
    Engagement("zandvliet", "João Ferreira", 650, -770, USER, "Verzendt de vorderingsstaten"),
    Engagement("zandvliet", "Heike Schröder", 540, -880, USER, "Projectleider baggerwerken"),
    Engagement("zandvliet", "Kristof Baert", 520, -900, USER, "Projectleider kustwerken"),
    Engagement("zandvliet", "Sarah Vermeulen", 120, -1250, USER, "Werfopvolging"),
    Engagement("zandvliet", "Yves Moens", 500, -910, BOTH, "Vervangt de beheerder"),
    Engagement("zandvliet", "Tine Pauwels", 300, -1100, USER, "Werfopvolging"),
    Engagement("combinatie", "Charlotte Van Acker", 660, -740, NOTHING),
    Engagement("combinatie", "Thomas Nijs", 650, -750, ADMINISTRATOR, "Beheert de groepen en koppelingen"),
    Engagement("combinatie", "Evi Roels", 640, -760, USER, "Stelt de vorderingsstaten op"),
    Engagement("combinatie", "Rik Vanhoutte", 630, -770, USER, "Verzendt de vorderingsstaten"),
    Engagement("combinatie", "Greet D'Hondt", 610, -790, USER, "Werfopvolging"),
    Engagement("combinatie", "Katrien Willems", 600, -650, USER, "Facturatie voor de combinatie", _DELEGATED),
    Engagement("combinatie", "Kristof Baert", 500, -700, USER, "Werfopvolging voor de combinatie", _DELEGATED),
)
