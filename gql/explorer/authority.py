"""Variables of the examples for a contracting authority's system."""

from typing import Any, Final

from domain import visibility
from domain.enterprise_number import formatted
from domain.models import Contract
from domain.standing import Standing
from domain.where import Where
from gql.explorer.samples import AuthoritySamples, Samples
from gql.explorer.value_factories import CONTRACT, EXAMPLE_FILE, ValueFactory, id_of, input_variable


async def authority_samples(standing: Standing) -> AuthoritySamples:
    """The samples."""
    contracts = Contract.filter(Where(visibility.contract, standing)).prefetch_related("organisation")
    return AuthoritySamples(
        first=await contracts.order_by("id").first(),
        newest=await contracts.filter(ended_at=None).order_by("-id").first(),
    )


_NEWEST: Final = id_of(lambda samples: samples.authority.newest)


def _contractor(samples: Samples) -> str:
    first = samples.authority.first or samples.authority.newest
    organisation = first.organisation if first else samples.organisation
    return formatted(organisation.enterprise_number) if organisation else ""


def _external_id(prefix: str) -> ValueFactory:
    """An id for this contract: on another contract the same external id would be a conflict."""
    return lambda samples: f"{prefix} {samples.contract.number}" if samples.contract else prefix


def _on_contract(prefix: str, **fields: Any) -> dict[str, ValueFactory]:
    return input_variable(externalId=_external_id(prefix), contractId=CONTRACT, **fields)


AUTHORITY_VALUES: Final[dict[str, dict[str, ValueFactory]]] = {
    "PublishContract": input_variable(
        externalId="DOSSIER-2026-0501",
        number="MOW/2026/0501",
        title="N44 Maldegem: vernieuwen van de toplaag",
        typeCode="CONTRACT",
        contractorEnterpriseNumber=_contractor,
    ),
    "CorrectContract": input_variable(id=_NEWEST, title="N44 Maldegem: vernieuwen van de toplaag en de fietspaden"),
    "EndContract": input_variable(id=_NEWEST, reason="De werken zijn definitief opgeleverd"),
    "DeliverDocument": _on_contract("VS-1", themeCode="INVOICING", title="Aanvaarde vorderingsstaat nr. 1"),
    "DeliverWithFiles": _on_contract(
        "VS-2", themeCode="INVOICING", title="Aanvaarde vorderingsstaat nr. 2", attachments=[EXAMPLE_FILE]
    ),
    "DeliverMessage": _on_contract(
        "BRIEF-1", subject="Plaatsbeschrijving", body="De plaatsbeschrijving vindt maandag om 9 uur plaats."
    ),
    "OpenAction": _on_contract("TAAK-1", title="Bezorg het bewijs van borgstelling"),
}
"""The value of each variable of these examples, by operation."""
