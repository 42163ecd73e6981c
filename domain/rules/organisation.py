"""What administrators change about their organisation."""

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import actor_transaction, require_version
from domain.models import AuditAction, Organisation
from domain.policies.abilities import Ability
from domain.refusals import Findings
from domain.rules.saving import save_next_version
from domain.text_fields import optional_email
from domain.unchanged import Unchanged


async def set_organisation_email(
    *, actor: Actor, organisation_id: int | None, version: int, email: str | Unchanged | None
) -> Organisation:
    """Sets or empties the organisation's address for notifications (manual 4.3).

    Args:
        actor: An ADMINISTRATOR of the organisation.
        organisation_id: The organisation's key.
        version: The version that the change was made from.
        email: The address, or None to empty it; `UNCHANGED` leaves it.

    Raises:
        NotFound: The actor sees no such organisation.
        Forbidden: The actor doesn't administer it.
        Refusals: The address is invalid.
        StaleVersion: Somebody else changed it in the meantime.
    """
    async with actor_transaction(actor) as act:
        organisation = await act.find(
            Organisation, organisation_id, visibility.organisation, "id", prefetch=Ability.ADMINISTER
        )
        await act.require(Ability.ADMINISTER, organisation)
        require_version(organisation, version)
        findings = Findings()
        checked = organisation.email if isinstance(email, Unchanged) else optional_email(findings, email, "email")
        findings.raise_if_any()
        if checked != organisation.email:
            before, after = {"email": organisation.email}, {"email": checked}
            await save_next_version(act, organisation, email=checked)
            await act.record(
                AuditAction.ORGANISATION_EMAIL_SET, organisation, organisation.id, before=before, after=after
            )
    return organisation
