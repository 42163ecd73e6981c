"""The demo people: 45 persons who exist nowhere else, eleven of them with a button on the demo's sign-in page.

Their serial numbers lie far above what a day's births use up, so that no number of theirs is likely to be a real one's.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid5

from domain.models import Language

_NAMESPACE: Final = UUID("6f1f7c1e-52ce-4f0b-9f5b-0a4d1f0c7e11")
BIS_MONTHS: Final = 40


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of the demo.

    Attributes:
        given_name: As in the identity provider's claims.
        family_name: Likewise.
        national_number: Eleven valid digits.
        language: The language that the person is written to in.
        subject: The identity provider's persistent identifier of the person.
        key: What the sign-in page posts for this person; None without a button.
        description: In Dutch, who this is, for the button.
    """

    given_name: str
    family_name: str
    national_number: str
    language: Language
    subject: str
    key: str | None = None
    description: str = ""


def make_national_number(born: date, serial: int, *, month_added: int = 0) -> str:
    """A valid national register number.

    Args:
        born: The day of birth.
        serial: 1 to 998; odd for men, even for women.
        month_added: 20 or 40 for a BIS number.
    """
    nine = f"{born.year % 100:02}{born.month + month_added:02}{born.day:02}{serial:03}"
    century = "2" if born.year >= 2000 else ""  # noqa: PLR2004  # from then on a 2 is put before the nine digits
    return f"{nine}{97 - int(century + nine) % 97:02}"


def _person(
    given_name: str, family_name: str, birth_date: str, serial: int, language: Language = Language.NL, *,
    bis: bool = False, key: str | None = None, description: str = "",
) -> DemoPerson:  # fmt: skip
    number = make_national_number(date.fromisoformat(birth_date), serial, month_added=BIS_MONTHS if bis else 0)
    subject = str(uuid5(_NAMESPACE, f"{given_name} {family_name}"))
    return DemoPerson(given_name, family_name, number, language, subject, key, description)


PEOPLE: Final[tuple[DemoPerson, ...]] = (
    _person("Hilde", "Vandenbroucke", "1968-03-14", 902, key="legal",
            description="wettelijke vertegenwoordiger: stelt de hoofdtoegangsbeheerder aan, leest en beheert alles"),
    _person("Koen", "De Smedt", "1974-11-02", 911, key="main-manager",
            description="hoofdtoegangsbeheerder: stelt toegangsbeheerders aan en kent rechten toe"),
    _person("Annelies", "Claeys", "1981-06-23", 924, key="manager",
            description="toegangsbeheerder: beheert medewerkers en kent rechten toe"),
    _person("Bart", "Wouters", "1979-01-30", 903, key="admin",
            description="Beheerder: beheert groepen en koppelt ze aan opdrachten"),
    _person("Sofie", "Goossens", "1988-09-12", 936, key="sender",
            description="Gebruiker: stelt facturatiestukken op en verzendt ze"),
    _person("Pieter", "Lambrechts", "1990-04-05", 917, key="drafter",
            description="Gebruiker: stelt facturatiestukken op"),
    _person("Els", "Van Damme", "1985-07-30", 928, key="reader",
            description="Gebruiker: leest facturatiestukken"),
    _person("Jeroen", "Aerts", "1993-12-19", 905, key="specific",
            description="Gebruiker: opdrachtspecifiek lid, voor één opdracht"),
    _person("Lotte", "Michiels", "2000-02-29", 942, key="colleague",
            description="Gebruiker zonder groep: ziet nog geen opdrachten"),
    _person("Geert", "Hermans", "1972-08-08", 919, key="outsider",
            description="Beheerder van een andere onderneming"),
    _person("Marleen", "Jacobs", "1965-05-17", 904),
    _person("Luc", "Peeters", "1961-10-27", 907),
    _person("Katrien", "Willems", "1977-02-11", 918),
    _person("Dirk", "Mertens", "1969-12-03", 923),
    _person("Ilse", "Van den Bossche", "1983-03-28", 906),
    _person("Wim", "Dewulf", "1986-06-06", 935),
    _person("Nathalie", "Dubois", "1980-01-15", 912, Language.FR),
    _person("Olivier", "Lejeune", "1976-07-21", 941, Language.FR),
    _person("Tom", "Coppens", "1991-11-11", 909),
    _person("Liesbeth", "Verhaeghe", "1984-08-19", 920),
    _person("Stijn", "Maes", "1989-02-24", 947),
    _person("Griet", "Bogaert", "1973-09-30", 914),
    _person("Filip", "Desmet", "1967-04-13", 913),
    _person("Veerle", "Smets", "1978-12-22", 908),
    _person("Joris", "Van Hove", "1994-05-09", 925),
    _person("Ann", "Segers", "1970-10-16", 926),
    _person("Mohamed", "El Amrani", "1987-03-03", 915),
    _person("Fatima", "Benali", "1992-07-14", 932),
    _person("Emre", "Özdemir", "1995-01-27", 929),
    _person("Agnieszka", "Kowalska", "1982-11-05", 910, Language.EN, bis=True),
    _person("João", "Ferreira", "1975-06-18", 931, Language.EN, bis=True),
    _person("Heike", "Schröder", "1971-02-09", 916, Language.DE),
    _person("Frank", "Thijs", "1964-08-31", 933),
    _person("Inge", "Cools", "1980-05-25", 934),
    _person("Kristof", "Baert", "1986-10-10", 937),
    _person("Sarah", "Vermeulen", "1996-03-21", 938),
    _person("Yves", "Moens", "1968-09-04", 939),
    _person("Tine", "Pauwels", "1990-12-01", 940),
    _person("Hans", "Devos", "1979-07-07", 943),
    _person("Charlotte", "Van Acker", "1998-04-26", 944),
    _person("Thomas", "Nijs", "2001-01-13", 945),
    _person("Evi", "Roels", "2002-06-29", 946),
    _person("Rik", "Vanhoutte", "1963-11-20", 949),
    _person("Greet", "D'Hondt", "1966-02-02", 948),
    _person("Maarten", "Van de Velde", "1997-08-15", 951, key="newcomer",
            description="nieuw: heeft nog geen werkrelatie en kan zich via een link registreren"),
)  # fmt: skip
"""Everyone; the last is the newcomer, who works nowhere yet."""


def persona(key: str) -> DemoPerson | None:
    """The person with that key on the sign-in page, if there is one."""
    return next((person for person in PEOPLE if person.key == key), None)
