"""Visibility of organisations and their people, mandates and tasks: domain section 4, "Who reads what"."""

from domain import models as m
from domain.models import OrganisationKind
from tests.domain.naive.groups import sees_contract
from tests.domain.naive.viewer import Viewer


def sees_organisation(viewer: Viewer, organisation: m.Organisation) -> bool:
    """Authorities are visible to all; others through an own task, a contract, a work relation or a mandate."""
    if not viewer.signed_in:
        return False
    if organisation.kind == OrganisationKind.CONTRACTING_AUTHORITY or viewer.acts_for(organisation.id):
        return True
    own_rows = [
        *viewer.own_relations(organisation.id),
        *(task for task in tasks_of(viewer) if task.organisation_id == organisation.id),
        *(mandate for mandate in own_mandates(viewer) if mandate.organisation_id == organisation.id),
    ]
    contracts = viewer.world.having(m.Contract, "organisation_id", organisation.id)
    return bool(own_rows) or any(sees_contract(viewer, contract) for contract in contracts)


def tasks_of(viewer: Viewer) -> list[m.SelfRegistration]:
    if viewer.person is None:
        return []
    return list(viewer.world.having(m.SelfRegistration, "applicant_id", viewer.person))


def own_mandates(viewer: Viewer) -> list[m.AccessMandate]:
    if viewer.person is None:
        return []
    mandates = viewer.world.having(m.AccessMandate, "user_id", viewer.person)
    return [mandate for mandate in mandates if mandate.ended_at is None]


def reads_people(viewer: Viewer, organisation_id: int) -> bool:
    """Administrators and access managers read people, rights and mandates."""
    return viewer.administers(organisation_id) or viewer.manages(organisation_id)


def sees_work_relation(viewer: Viewer, relation: m.WorkRelation) -> bool:
    """The viewer's own, also when it is not active."""
    return relation.user_id == viewer.person or reads_people(viewer, relation.organisation_id)


def sees_access_right(viewer: Viewer, right: m.AccessRight) -> bool:
    return sees_work_relation(viewer, viewer.world.one(m.WorkRelation, right.work_relation_id))


def sees_access_mandate(viewer: Viewer, mandate: m.AccessMandate) -> bool:
    """The viewer's own while it is open; ended ones only by access managers and administrators."""
    is_own = mandate.user_id == viewer.person and mandate.ended_at is None
    return is_own or reads_people(viewer, mandate.organisation_id)


def sees_task(viewer: Viewer, task: m.SelfRegistration) -> bool:
    """By the applicant, and by access managers."""
    return task.applicant_id == viewer.person or viewer.manages(task.organisation_id)


def sees_audit_entry(viewer: Viewer, entry: m.AuditEntry) -> bool:
    """By administrators; by access managers if it is about a person, right, mandate or task, or the organisation."""
    if entry.organisation_id is None:
        return False
    people = {"User", "WorkRelation", "AccessRight", "AccessMandate", "SelfRegistration"}
    about_access = entry.subject_type in people | {"Organisation"}
    return viewer.administers(entry.organisation_id) or (viewer.manages(entry.organisation_id) and about_access)


def sees_session(viewer: Viewer, session: m.Session) -> bool:
    return session.user_id == viewer.person


def sees_reference_data(viewer: Viewer, _row: m.Theme | m.ContractType) -> bool:
    return viewer.signed_in
