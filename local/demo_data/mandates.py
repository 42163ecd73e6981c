"""The mandates: legal representatives, and the access managers that were appointed."""

from typing import Final, NamedTuple

from domain.models import AccessMandate, AccessMandateKind
from local.demo_data.addresses import address_of
from local.demo_data.demo_rows import DemoRows

_LEGAL_REPRESENTATIVE: Final = AccessMandateKind.LEGAL_REPRESENTATIVE
_MAIN_ACCESS_MANAGER: Final = AccessMandateKind.MAIN_ACCESS_MANAGER
_ACCESS_MANAGER: Final = AccessMandateKind.ACCESS_MANAGER


class _MandateRow(NamedTuple):
    organisation: str
    person: str
    kind: AccessMandateKind
    since: int
    appointed_by: str | None = None
    has_email: bool = True
    ended: int | None = None


_MANDATES: Final = (
    _MandateRow("scheldeland", "legal", _LEGAL_REPRESENTATIVE, 1490),
    _MandateRow("scheldeland", "Luc Peeters", _LEGAL_REPRESENTATIVE, 1490, has_email=False),
    _MandateRow("scheldeland", "main-manager", _MAIN_ACCESS_MANAGER, 728, "legal"),
    _MandateRow("scheldeland", "manager", _ACCESS_MANAGER, 638, "main-manager"),
    _MandateRow("scheldeland", "Joris Van Hove", _ACCESS_MANAGER, 700, "legal", ended=150),
    _MandateRow("zandvliet", "Agnieszka Kowalska", _LEGAL_REPRESENTATIVE, 1480),
    _MandateRow("zandvliet", "Inge Cools", _MAIN_ACCESS_MANAGER, 718, "Agnieszka Kowalska"),
    _MandateRow("combinatie", "Hans Devos", _LEGAL_REPRESENTATIVE, 690),
    _MandateRow("combinatie", "Charlotte Van Acker", _MAIN_ACCESS_MANAGER, 658, "Hans Devos"),
)


def main_access_manager_of(organisation: str) -> str:
    """Who grants the rights in an organisation."""
    return next(
        row.person for row in _MANDATES if row.organisation == organisation and row.kind is _MAIN_ACCESS_MANAGER
    )


async def load_mandates(demo: DemoRows) -> None:
    """Creates the mandates, after the work relations of the access managers."""
    for row in _MANDATES:
        person = demo.people[row.person]
        is_ended = row.ended is not None
        await AccessMandate.create(
            organisation=demo.organisations[row.organisation],
            user=person,
            kind=row.kind,
            email=address_of(person, row.organisation) if row.has_email else None,
            since=demo.calendar.moment(row.since),
            appointed_by=demo.people[row.appointed_by] if row.appointed_by else None,
            ended_at=demo.calendar.optional_moment(row.ended, "17:00"),
            ended_by=demo.people["main-manager"] if is_ended else None,
            end_reason="Leidt voortaan alleen nog werven" if is_ended else None,
        )
