"""What the examples for a contracting authority's system are filled with."""

from typing import Any, Final

from domain import visibility
from domain.enterprise_number import shown
from domain.models import Contract
from domain.predicate import Where
from domain.standing import Standing
from gql.explorer.makers import EXAMPLE_FILE, Known, Maker, given_input, id_of
from gql.reading.ids import global_id


async def authority_examples(standing: Standing) -> Known:
    """The contracts that they are about, by what the examples call them; None where the reader sees none."""
    contracts = Contract.filter(Where(visibility.contract, standing)).prefetch_related("organisation")
    return {
        "first": await contracts.order_by("id").first(),
        # The one that the example about publishing has made, once it has been tried.
        "newest": await contracts.filter(ended_at=None).order_by("-id").first(),
    }


def _newest(known: Known) -> str:
    newest = known["authority"]["newest"]
    return global_id("Contract", newest.id) if newest else ""


def _contractor(known: Known) -> str:
    first = known["authority"]["first"] or known["authority"]["newest"]
    organisation = first.organisation if first else known["Organisation"]
    return shown(organisation.enterprise_number) if organisation else ""


def _external_id(prefix: str) -> Maker:
    """An id for this contract: the next reader's contract may be another one, which must not look like a repeat."""
    return lambda known: f"{prefix} {known['Contract'].number}" if known["Contract"] else prefix


def _on_contract(prefix: str, **fields: Any) -> dict[str, Maker]:
    return given_input(externalId=_external_id(prefix), contractId=id_of("Contract"), **fields)


AUTHORITY_VALUES: Final[dict[str, dict[str, Maker]]] = {
    "PublishContract": given_input(
        externalId="DOSSIER-2026-0501",
        number="MOW/2026/0501",
        title="N44 Maldegem: vernieuwen van de toplaag",
        typeCode="CONTRACT",
        contractorEnterpriseNumber=_contractor,
    ),
    "CorrectContract": given_input(id=_newest, title="N44 Maldegem: vernieuwen van de toplaag en de fietspaden"),
    "EndContract": given_input(id=_newest, reason="De werken zijn definitief opgeleverd"),
    "DeliverDocument": _on_contract("VS-1", themeCode="INVOICING", title="Aanvaarde vorderingsstaat nr. 1"),
    "DeliverWithFiles": _on_contract(
        "VS-2", themeCode="INVOICING", title="Aanvaarde vorderingsstaat nr. 2", attachments=[EXAMPLE_FILE]
    ),
    "DeliverMessage": _on_contract(
        "BRIEF-1", subject="Plaatsbeschrijving", body="De plaatsbeschrijving vindt maandag om 9 uur plaats."
    ),
    "OpenAction": _on_contract("TAAK-1", title="Bezorg het bewijs van borgstelling"),
}
"""The value of each variable of these examples; `known["authority"]` holds what `authority_examples` found."""
