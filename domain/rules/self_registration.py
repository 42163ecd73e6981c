"""People request a right through a link (manual 2.1.5.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.locking import LOCK_ADDRESSES_SHARED
from domain.models import AuditAction, LetterKind, Organisation, Role, SelfRegistration, TaskStatus, User
from domain.personal_values import sealed_value
from domain.refusals import ChooseOneRole, Findings, NothingToAskFor, RolesFixedByLink
from domain.rules.access_manager_contacts import access_manager_contacts
from domain.rules.acting_person import lock_acting_person
from domain.rules.active_period import active_or_upcoming_period
from domain.rules.current_right import find_current_right
from domain.rules.letters import write_letter
from domain.rules.self_registration_form import find_open_organisation
from domain.self_registration_link import LinkParameters, LinkRequest, parse_link
from domain.text_fields import optional_email, optional_phone


@dataclass(frozen=True)
class SelfRegistrationRequest:
    """A request for a right, made through a link.

    Attributes:
        link: The link's parameters.
        roles: The role that the person chose; None if the link determines the roles.
        email: E-mailadres.
        phone: Telefoonnummer.
    """

    link: LinkParameters
    roles: Sequence[Role] | None = None
    email: str | None = None
    phone: str | None = None


async def request_self_registration(*, actor: Actor, request: SelfRegistrationRequest) -> SelfRegistration:
    """Requests a right from an organisation's access managers, and mails them; a second request returns the open one.

    A person who has one of two roles may request both; approval adds the other one.

    Args:
        actor: A person.
        request: The request.

    Raises:
        PersonRequired: The actor is no person.
        Forbidden: The actor was erased, or merged into another person.
        Refusals: The link, the roles, the address or the number are invalid.
        SelfRegistrationClosed: The organisation has no main access manager, or is unknown here.
        NothingToAskFor: The actor already has these roles there.
    """
    async with actor_transaction(actor) as act:
        applicant = await lock_acting_person(act)
        link = parse_link(request.link, "link")
        findings = Findings()
        roles = _requested_roles(findings, link, request.roles)
        email = optional_email(findings, request.email, "email")
        phone = optional_phone(findings, request.phone, "phone")
        findings.raise_if_any()
        organisation = await find_open_organisation(act.database, link.enterprise_number)
        open_task = {"organisation_id": organisation.id, "applicant_id": applicant.id, "status": TaskStatus.OPEN}
        task: SelfRegistration | None = await SelfRegistration.filter(**open_task).using_db(act.database).first()
        if task is None:
            await _require_something_new(act, applicant, organisation, link, roles)
            columns = {"email": email, "phone": phone, **_role_columns(roles), "created_at": await act.now()}
            task = await SelfRegistration.create(**open_task, **columns, using_db=act.database)
            await _record(act, task, roles)
            await _write_to_access_managers(act, task)
    return task


def _requested_roles(findings: Findings, link: LinkRequest, chosen_roles: Sequence[Role] | None) -> Sequence[Role]:
    if link.roles is not None:
        if chosen_roles is not None and set(chosen_roles) != set(link.roles):
            findings.add(RolesFixedByLink("roles"))
        return link.roles
    if chosen_roles is None or len(chosen_roles) != 1:
        findings.add(ChooseOneRole("roles"))
    return chosen_roles or ()


async def _require_something_new(
    act: ActorTransaction, applicant: User, organisation: Organisation, link: LinkRequest, roles: Sequence[Role]
) -> None:
    """Requires that an approval would give the applicant a role that they don't have."""
    period = await active_or_upcoming_period(act, applicant.id, organisation.id)
    if period is None:
        return
    right = await find_current_right(act, period.work_relation_id)
    if right and right.roles >= set(roles):
        path = ("link", "ctx") if link.roles else ("roles",)
        raise NothingToAskFor(*path, first_day=period.valid_from, last_day=period.valid_until)


def _role_columns(roles: Sequence[Role]) -> dict[str, Any]:
    return {"asks_administrator": Role.ADMINISTRATOR in roles, "asks_user": Role.USER in roles}


async def _record(act: ActorTransaction, task: SelfRegistration, roles: Sequence[Role]) -> None:
    after = {
        "roles": sorted(roles),
        "email": await sealed_value(act.database, task.applicant_id, task.email),
        "phone": await sealed_value(act.database, task.applicant_id, task.phone),
    }
    await act.record(AuditAction.SELF_REGISTRATION_REQUESTED, task, task.organisation_id, after=after)


async def _write_to_access_managers(act: ActorTransaction, task: SelfRegistration) -> None:
    await act.database.execute_query(LOCK_ADDRESSES_SHARED)
    managers = await access_manager_contacts(act.database, [task.organisation_id])
    # An applicant who is an access manager can't decide on their own request.
    deciders = [each for each in managers.get(task.organisation_id, ()) if each.user_id != task.applicant_id]
    about = {"organisation_id": task.organisation_id, "self_registration_id": task.id}
    await write_letter(act, LetterKind.TASK_OPENED, deciders, **about)
