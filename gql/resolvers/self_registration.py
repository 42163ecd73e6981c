"""Self-registration: the link, its form, the request, the decision."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Organisation, Role, SelfRegistration, WorkRelation
from domain.refusals import Refusal, Refusals, SelfRegistrationClosed
from domain.rules import former_memberships, self_registration_approval, self_registration_decision
from domain.rules import self_registration as rules
from domain.rules import self_registration_form as forms
from domain.self_registration_link import LinkParameters, build_link
from gql.context import Context
from gql.reading.ids import key_of
from gql.reading.loaders import Loaders
from gql.reading.sources import Record, source_of
from gql.roots import PayloadFields
from gql.user_errors import user_error
from settings import settings

if TYPE_CHECKING:
    from gql.schema.self_registration import (
        ApproveSelfRegistrationInput,
        RejectSelfRegistrationInput,
        RequestSelfRegistrationInput,
        SelfRegistrationLinkInput,
    )


async def self_registration_link(
    organisation: Organisation | Record, loaders: Loaders, roles: Sequence[Role] | None = None
) -> Record:
    """The organisation's link for these roles, and whether it works today."""
    condition = forms.SELF_REGISTRATION_ENABLED
    enabled = bool(await loaders.expression(condition, condition, source_of(organisation), organisation))
    reason = None if enabled else user_error(SelfRegistrationClosed(), loaders.language).message
    url = build_link(settings().self_registration_url, organisation.enterprise_number, roles)
    return Record(url=url, enabled=enabled, reason=reason)


async def self_registration_form(context: Context, link: "SelfRegistrationLinkInput") -> Record:
    """The form of a link, or why the link doesn't work."""
    try:
        form = await forms.self_registration_form(_link_parameters(link))
    except (Refusal, Refusals) as refused:
        errors = [user_error(refusal, context.language) for refusal in refused.refusals]
        return Record(organisation_name=None, roles=[], must_choose=False, errors=errors)
    return Record(
        organisation_name=form.organisation_name, roles=list(form.roles), must_choose=form.must_choose, errors=[]
    )


def _link_parameters(input: "SelfRegistrationLinkInput") -> LinkParameters:
    return LinkParameters(input.an, input.dg, input.ec, input.ctx, input.oc)


async def request_self_registration(actor: Actor, input: "RequestSelfRegistrationInput") -> SelfRegistration:
    """Requests a right from an organisation's access managers."""
    request = rules.SelfRegistrationRequest(_link_parameters(input.link), input.roles, input.email, input.phone)
    return await rules.request_self_registration(actor=actor, request=request)


async def approve_self_registration(actor: Actor, input: "ApproveSelfRegistrationInput") -> PayloadFields:
    """Approves a request."""
    task, right = await self_registration_approval.approve_self_registration(
        actor=actor,
        task_id=key_of("SelfRegistrationTask", input.id),
        approval=self_registration_approval.Approval(
            input.roles, input.reason, input.category, input.valid_from, input.valid_until
        ),
    )
    memberships = None
    # A period is only accepted for a person without a work relation, so the approval created one.
    if input.valid_from:
        relation = await WorkRelation.get(id=right.work_relation_id)
        memberships = await former_memberships.former_memberships(actor=actor, relation=relation)
    return PayloadFields({"task": task, "right": right, "former_memberships": memberships})


async def reject_self_registration(actor: Actor, input: "RejectSelfRegistrationInput") -> SelfRegistration:
    """Rejects a request."""
    return await self_registration_decision.reject_self_registration(
        actor=actor, task_id=key_of("SelfRegistrationTask", input.id), reason=input.reason
    )
