"""People register themselves through a link (manual 2.1.5.1): what it means, and the request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.database.connection import database
from domain.locking import LOCK_ADDRESSES_SHARED
from domain.mandates import HAS_MAIN_ACCESS_MANAGER
from domain.models import AuditAction, LetterKind, Organisation, Role, SelfRegistration, TaskStatus, User
from domain.personal_values import sealed_value
from domain.predicate import Predicate
from domain.refusals import (
    ChooseOneRole,
    Findings,
    Forbidden,
    NothingToAskFor,
    PersonRequired,
    RolesFixedByLink,
    SelfRegistrationClosed,
)
from domain.rules.access_manager_contacts import access_manager_contacts
from domain.rules.applicants_work import work_there
from domain.rules.letters import write_letter
from domain.sealed_national_number import HAS_NUMBER
from domain.self_registration_link import NAMES, LinkParameters, LinkRequest, parse_link
from domain.standing import Standing
from domain.text_fields import optional_email, optional_phone
from domain.where import Where

OPEN_FOR_REQUESTS: Final = Predicate(HAS_MAIN_ACCESS_MANAGER)
"""Does self-registration work for this organisation?"""


@dataclass(frozen=True)
class LinkForm:
    """What the page behind a link shows.

    Attributes:
        organisation_name: Naam.
        roles: The roles that are asked for, or can be chosen from.
        must_choose: Whether exactly one is to be chosen.
    """

    organisation_name: str
    roles: Sequence[Role]
    must_choose: bool


@dataclass(frozen=True)
class Request:
    """What a person fills in behind a link.

    Attributes:
        link: The link's parameters.
        roles: The role that was chosen; None where the link says it.
        email: E-mailadres.
        phone: Telefoonnummer.
    """

    link: LinkParameters
    roles: Sequence[Role] | None = None
    email: str | None = None
    phone: str | None = None


async def link_form(link: LinkParameters) -> LinkForm:
    """What the page behind a link shows.

    Raises:
        Refusals: What is wrong with the link.
        SelfRegistrationClosed: No main access manager of that organisation is known here.
    """
    asked = parse_link(link, "link")
    organisation = await _organisation(database(), asked.enterprise_number)
    return LinkForm(organisation.name, asked.roles or list(NAMES), asked.roles is None)


async def request_self_registration(*, actor: Actor, given: Request) -> SelfRegistration:
    """Asks an organisation's access managers for a right, and tells them; a second request returns the open one.

    Who has one of two roles may ask for both: the other one is added.

    Args:
        actor: A person.
        given: What was filled in.

    Raises:
        PersonRequired: The actor is no person.
        Forbidden: The actor was erased or made one with somebody.
        Refusals: What is wrong with the link, the choice, the address or the number.
        SelfRegistrationClosed: No main access manager of that organisation is known here.
        NothingToAskFor: The actor has these roles there.
    """
    async with actor_transaction(actor) as act:
        applicant = await _applicant(act)
        asked = parse_link(given.link, "link")
        findings = Findings()
        roles = _chosen(findings, asked, given.roles)
        email = optional_email(findings, given.email, "email")
        phone = optional_phone(findings, given.phone, "phone")
        findings.raise_if_any()
        organisation = await _organisation(act.database, asked.enterprise_number)
        standing = {"organisation_id": organisation.id, "applicant_id": applicant.id, "status": TaskStatus.OPEN}
        task: SelfRegistration | None = await SelfRegistration.filter(**standing).using_db(act.database).first()
        if task is None:
            await _require_something_new(act, applicant, organisation, asked, roles)
            particulars = {"email": email, "phone": phone, **_columns(roles)}
            moment = await act.now()
            task = await SelfRegistration.create(**standing, **particulars, created_at=moment, using_db=act.database)
            await _record(act, task, roles)
            await _tell(act, task)
    return task


async def _applicant(act: ActorTransaction) -> User:
    # Two requests of one person wait for each other here, so that there is one open one.
    held = User.filter(HAS_NUMBER, id=act.actor.user_id or 0).select_for_update(no_key=True).using_db(act.database)
    applicant = await held.first()
    if applicant is None:
        raise Forbidden if act.actor.user_id else PersonRequired
    return applicant


async def _organisation(connection: BaseDBAsyncClient, number: str) -> Organisation:
    # The same answer for an organisation that isn't known here: whether it is, is not for anyone to know.
    found = Organisation.filter(Where(OPEN_FOR_REQUESTS, Standing()), enterprise_number=number)
    organisation = await found.using_db(connection).first()
    if organisation is None:
        raise SelfRegistrationClosed("link", "oc")
    return organisation


def _chosen(findings: Findings, asked: LinkRequest, given: Sequence[Role] | None) -> Sequence[Role]:
    if asked.roles is not None:
        if given is not None and set(given) != set(asked.roles):
            findings.add(RolesFixedByLink("roles"))
        return asked.roles
    if given is None or len(given) != 1:
        findings.add(ChooseOneRole("roles"))
    return given or ()


async def _require_something_new(
    act: ActorTransaction, applicant: User, organisation: Organisation, asked: LinkRequest, roles: Sequence[Role]
) -> None:
    """Goes on only if an approval would give the applicant something: else there is nothing to decide."""
    work = await work_there(act, applicant.id, organisation.id)
    if work and work.roles >= set(roles):
        path = ("link", "ctx") if asked.roles else ("roles",)
        raise NothingToAskFor(*path, first_day=work.period.valid_from, last_day=work.period.valid_until)


def _columns(roles: Sequence[Role]) -> dict[str, Any]:
    return {"asks_administrator": Role.ADMINISTRATOR in roles, "asks_user": Role.USER in roles}


async def _record(act: ActorTransaction, task: SelfRegistration, roles: Sequence[Role]) -> None:
    after = {
        "roles": sorted(roles),
        "email": await sealed_value(act.database, task.applicant_id, task.email),
        "phone": await sealed_value(act.database, task.applicant_id, task.phone),
    }
    await act.record(AuditAction.SELF_REGISTRATION_REQUESTED, task, task.organisation_id, after=after)


async def _tell(act: ActorTransaction, task: SelfRegistration) -> None:
    await act.database.execute_query(LOCK_ADDRESSES_SHARED)
    managers = await access_manager_contacts(act.database, [task.organisation_id])
    # Who manages access themselves can't decide on what they ask for.
    others = [each for each in managers.get(task.organisation_id, ()) if each.user_id != task.applicant_id]
    about = {"organisation_id": task.organisation_id, "self_registration_id": task.id}
    await write_letter(act, LetterKind.TASK_OPENED, others, **about)
