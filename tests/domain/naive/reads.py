"""The guarded fields that a viewer may read on a row that they see: domain section 4, "Who reads what"."""

from collections.abc import Callable
from typing import Any, Final

from domain import models as m
from domain.models import TaskStatus
from tests.domain.naive.exchange import is_its_authority
from tests.domain.naive.organisations import reads_people
from tests.domain.naive.people import reads_language, reads_personal_data
from tests.domain.naive.viewer import Viewer


def is_person(viewer: Viewer, _row: object) -> bool:
    return viewer.person is not None


def acts(viewer: Viewer, organisation: m.Organisation) -> bool:
    """Whether the viewer acts for the organisation: its e-mail and administrators."""
    return viewer.acts_for(organisation.id)


def administers(viewer: Viewer, organisation: m.Organisation) -> bool:
    return viewer.administers(organisation.id)


def manages(viewer: Viewer, organisation: m.Organisation) -> bool:
    return viewer.manages(organisation.id)


def is_insider(viewer: Viewer, contract: m.Contract) -> bool:
    """Whether the viewer acts for the contractor: own reference, e-mails and groups are hidden from the authority."""
    return viewer.acts_for(contract.organisation_id)


def administers_it(viewer: Viewer, row: m.Contract | m.Group) -> bool:
    """Whether the viewer administers its organisation: access of others, notifications and former rows."""
    return viewer.administers(row.organisation_id)


def has_role(viewer: Viewer, organisation: m.Organisation) -> bool:
    """Whether the viewer is ADMINISTRATOR or USER; access managers alone read no groups."""
    return bool(viewer.roles(organisation.id))


def reads_contracts(viewer: Viewer, organisation: m.Organisation) -> bool:
    return has_role(viewer, organisation) or organisation.id == viewer.authority


def reads_memberships(viewer: Viewer, relation: m.WorkRelation) -> bool:
    """By administrators, and by a USER their own."""
    is_own = relation.user_id == viewer.person and viewer.is_user_of(relation.organisation_id)
    return viewer.administers(relation.organisation_id) or is_own


def reaches_applicant(viewer: Viewer, task: m.SelfRegistration) -> bool:
    """By the applicant, and by access managers while the task is open: a decided one shows names only."""
    may_decide = viewer.manages(task.organisation_id) and task.status is TaskStatus.OPEN
    return task.applicant_id == viewer.person or may_decide


READS: Final[dict[str, Callable[[Viewer, Any], bool]]] = {
    "Action.assignable_users": is_person,
    "Action.assigned_at": is_person,
    "Action.external_id": is_its_authority,
    "Contract.access": administers_it,
    "Contract.access_of": administers_it,
    "Contract.email": is_insider,
    "Contract.external_id": is_its_authority,
    "Contract.group_links": is_insider,
    "Contract.notification_preview": administers_it,
    "Contract.notifications": administers_it,
    "Contract.own_reference": is_insider,
    "Contract.viewer_access": is_person,
    "Document.external_id": is_its_authority,
    "Group.former_contracts": administers_it,
    "Message.external_id": is_its_authority,
    "Organisation.access_mandates": manages,
    "Organisation.administrators": acts,
    "Organisation.audit_log": lambda viewer, organisation: reads_people(viewer, organisation.id),
    "Organisation.contracts": reads_contracts,
    "Organisation.email": acts,
    "Organisation.expiring_rights": manages,
    "Organisation.groups": has_role,
    "Organisation.health": administers,
    "Organisation.notifications": administers,
    "Organisation.received_documents": lambda viewer, organisation: organisation.id == viewer.authority,
    "Organisation.self_registration_link": manages,
    "Organisation.tasks": manages,
    "Organisation.work_relations": lambda viewer, organisation: reads_people(viewer, organisation.id),
    "SelfRegistrationTask.email": reaches_applicant,
    "SelfRegistrationTask.phone": reaches_applicant,
    "User.birth_date": reads_personal_data,
    "User.language": reads_language,
    "User.masked_national_number": reads_personal_data,
    "WorkRelation.memberships": reads_memberships,
}
"""By the type and the field's Python name."""
