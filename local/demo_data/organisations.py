"""Three enterprises, one of them a consortium of the other two, and two contracting authorities."""

from typing import Final, NamedTuple

from domain.models import MachineClient, Organisation, OrganisationKind
from local.demo_data.loaded import Loaded

AUTHORITY_CLIENT: Final = "authority"
"""The machine client of the authority that awarded every contract of the personas' organisation."""


class _Party(NamedTuple):
    short_name: str
    enterprise_number: str
    name: str
    kind: OrganisationKind
    email: str | None


# The numbers have valid check digits and lie where the register has given none.
_PARTIES: Final = (
    _Party("scheldeland", "0999100196", "Wegenbouw Scheldeland nv", OrganisationKind.ENTERPRISE,
           "opdrachten@scheldeland.example"),
    _Party("zandvliet", "0999100295", "Waterbouw Zandvliet nv", OrganisationKind.ENTERPRISE,
           "overheidsopdrachten@zandvliet.example"),
    _Party("combinatie", "0999100394", "THV Scheldeland-Zandvliet", OrganisationKind.CONSORTIUM, None),
    _Party("awv", "0999200364", "Agentschap Wegen en Verkeer", OrganisationKind.CONTRACTING_AUTHORITY, None),
    _Party("waterweg", "0999200463", "De Vlaamse Waterweg nv", OrganisationKind.CONTRACTING_AUTHORITY, None),
)  # fmt: skip


async def load_organisations(loaded: Loaded) -> None:
    """Makes the five parties and the machine client of the first authority."""
    registered = loaded.calendar.moment(1500)
    for party in _PARTIES:
        loaded.organisations[party.short_name] = await Organisation.create(
            enterprise_number=party.enterprise_number,
            name=party.name,
            kind=party.kind,
            email=party.email,
            created_at=registered,
        )
    await MachineClient.create(
        client_id=AUTHORITY_CLIENT,
        name="Dossierbeheer Agentschap Wegen en Verkeer",
        organisation=loaded.organisations["awv"],
        created_at=registered,
    )
