"""Who manages access: the legal representatives of the enterprise register, and whom they appointed."""

from typing import Final, NamedTuple

from domain.models import AccessMandate, AccessMandateKind
from local.demo_data.addresses import address_of
from local.demo_data.loaded import Loaded

_LEGAL: Final = AccessMandateKind.LEGAL_REPRESENTATIVE
_MAIN: Final = AccessMandateKind.MAIN_ACCESS_MANAGER
_LOCAL: Final = AccessMandateKind.ACCESS_MANAGER


class _Mandate(NamedTuple):
    organisation: str
    person: str
    kind: AccessMandateKind
    since: int
    appointed_by: str | None = None
    has_email: bool = True
    ended: int | None = None


_MANDATES: Final = (
    _Mandate("scheldeland", "legal", _LEGAL, 1490),
    _Mandate("scheldeland", "Luc Peeters", _LEGAL, 1490, has_email=False),
    _Mandate("scheldeland", "main-manager", _MAIN, 728, "legal"),
    _Mandate("scheldeland", "manager", _LOCAL, 638, "main-manager"),
    _Mandate("scheldeland", "Joris Van Hove", _LOCAL, 700, "legal", ended=150),
    _Mandate("zandvliet", "Agnieszka Kowalska", _LEGAL, 1480),
    _Mandate("zandvliet", "Inge Cools", _MAIN, 718, "Agnieszka Kowalska"),
    _Mandate("combinatie", "Hans Devos", _LEGAL, 690),
    _Mandate("combinatie", "Charlotte Van Acker", _MAIN, 658, "Hans Devos"),
)


def access_manager_of(organisation: str) -> str:
    """The main access manager, who grants the rights there."""
    return next(row.person for row in _MANDATES if row.organisation == organisation and row.kind is _MAIN)


async def load_mandates(loaded: Loaded) -> None:
    """Makes the mandates, after the work relations of the appointed."""
    for row in _MANDATES:
        person = loaded.people[row.person]
        ended = row.ended is not None
        await AccessMandate.create(
            organisation=loaded.organisations[row.organisation],
            user=person,
            kind=row.kind,
            email=address_of(person, row.organisation) if row.has_email else None,
            since=loaded.calendar.moment(row.since),
            appointed_by=loaded.people[row.appointed_by] if row.appointed_by else None,
            ended_at=loaded.calendar.moment(row.ended, "17:00") if row.ended is not None else None,
            ended_by=loaded.people["main-manager"] if ended else None,
            end_reason="Leidt voortaan alleen nog werven" if ended else None,
        )
