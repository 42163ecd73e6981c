"""Two companies, their consortium, and two contracting authorities."""

from typing import Final, NamedTuple

from domain.models import MachineClient, Organisation, OrganisationKind
from local.demo_data.demo_rows import DemoRows

AUTHORITY_CLIENT: Final = "authority"
"""The machine client of the authority that awarded every contract of the personas' organisation."""


class _OrganisationRow(NamedTuple):
    short_name: str
    enterprise_number: str
    name: str
    kind: OrganisationKind
    email: str | None


# The numbers have valid check digits, in a range that the register has not issued.
_ORGANISATIONS: Final = (
    _OrganisationRow("scheldeland", "0999100196", "Wegenbouw Scheldeland nv", OrganisationKind.ENTERPRISE,
                     "opdrachten@scheldeland.example"),
    _OrganisationRow("zandvliet", "0999100295", "Waterbouw Zandvliet nv", OrganisationKind.ENTERPRISE,
                     "overheidsopdrachten@zandvliet.example"),
    _OrganisationRow("combinatie", "0999100394", "THV Scheldeland-Zandvliet", OrganisationKind.CONSORTIUM, None),
    _OrganisationRow("awv", "0999200364", "Agentschap Wegen en Verkeer", OrganisationKind.CONTRACTING_AUTHORITY, None),
    _OrganisationRow("waterweg", "0999200463", "De Vlaamse Waterweg nv", OrganisationKind.CONTRACTING_AUTHORITY, None),
)  # fmt: skip


async def load_organisations(demo: DemoRows) -> None:
    """Creates the five organisations and the machine client of the first authority."""
    registered_at = demo.calendar.moment(1500)
    for row in _ORGANISATIONS:
        demo.organisations[row.short_name] = await Organisation.create(
            enterprise_number=row.enterprise_number,
            name=row.name,
            kind=row.kind,
            email=row.email,
            created_at=registered_at,
        )
    await MachineClient.create(
        client_id=AUTHORITY_CLIENT,
        name="Dossierbeheer Agentschap Wegen en Verkeer",
        organisation=demo.organisations["awv"],
        created_at=registered_at,
    )
