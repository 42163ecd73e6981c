"""The address for mails to a mandate, set by its holder (manual 2)."""

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import actor_transaction
from domain.models import AccessMandate, AuditAction
from domain.personal_values import sealed_value
from domain.policies.abilities import Ability
from domain.refusals import Findings
from domain.rules.saving import save
from domain.text_fields import optional_email
from domain.unchanged import Unchanged


async def set_mandate_email(*, actor: Actor, mandate_id: int | None, email: str | Unchanged | None) -> AccessMandate:
    """Sets or empties the address for mails to a mandate.

    Args:
        actor: The holder of the mandate.
        mandate_id: The mandate's key.
        email: The address, or None to empty it; `UNCHANGED` leaves it.

    Raises:
        NotFound: The actor sees no such mandate.
        Forbidden: The mandate is not the actor's.
        Refusals: The address is invalid.
    """
    async with actor_transaction(actor) as act:
        mandate = await act.find(AccessMandate, mandate_id, visibility.access_mandate, "id", prefetch=Ability.UPDATE)
        await act.require(Ability.UPDATE, mandate)
        findings = Findings()
        checked = mandate.email if isinstance(email, Unchanged) else optional_email(findings, email, "email")
        findings.raise_if_any()
        if checked != mandate.email:
            before = {"email": await sealed_value(act.database, mandate.user_id, mandate.email)}
            after = {"email": await sealed_value(act.database, mandate.user_id, checked)}
            await save(act, mandate, email=checked)
            await act.record(
                AuditAction.MANDATE_EMAIL_SET, mandate, mandate.organisation_id, before=before, after=after
            )
    return mandate
