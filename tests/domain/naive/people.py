"""Who sees which people, and what of them: domain sections 2 and 4."""

from datetime import timedelta

from domain import models as m
from domain.models import AccessMandateKind, Role, TaskStatus
from tests.domain.naive.groups import sees_membership
from tests.domain.naive.organisations import sees_access_mandate, sees_task, sees_work_relation
from tests.domain.naive.viewer import Viewer, active_roles

INTRODUCED = timedelta(hours=24)


def sees_user(viewer: Viewer, user: m.User) -> bool:
    """By name: oneself, whoever stands in something that one sees, whom one added, and one's administrators."""
    world = viewer.world
    return (
        reads_personal_data(viewer, user)
        or any(sees_work_relation(viewer, each) for each in world.having(m.WorkRelation, "user_id", user.id))
        or any(sees_access_mandate(viewer, each) for each in world.having(m.AccessMandate, "user_id", user.id))
        or any(sees_task(viewer, each) for each in world.having(m.SelfRegistration, "applicant_id", user.id))
        or any(sees_membership(viewer, each) for each in world.having(m.Membership, "user_id", user.id))
        or any(
            is_administrator(viewer, user, each.id) for each in world.all(m.Organisation) if viewer.acts_for(each.id)
        )
    )


def is_administrator(viewer: Viewer, user: m.User, organisation_id: int) -> bool:
    """Has the user the role there, or represents the organisation by law?"""
    world = viewer.world
    represents = any(
        mandate.kind == AccessMandateKind.LEGAL_REPRESENTATIVE and mandate.ended_at is None
        for mandate in world.having(m.AccessMandate, "user_id", user.id)
        if mandate.organisation_id == organisation_id
    )
    return represents or any(
        Role.ADMINISTRATOR in active_roles(world, relation)
        for relation in world.having(m.WorkRelation, "user_id", user.id)
        if relation.organisation_id == organisation_id
    )


def reads_personal_data(viewer: Viewer, user: m.User) -> bool:
    """Birth date and masked number: access managers, for 24 hours after they added the person, while a task of theirs
    is open, and of whoever has a work relation."""
    return user.id == viewer.person or any(viewer.manages(organisation) for organisation in acquainted(viewer, user))


def acquainted(viewer: Viewer, user: m.User) -> set[int]:
    """The organisations whose access managers are to know who this is."""
    world = viewer.world
    relations = world.having(m.WorkRelation, "user_id", user.id)
    introductions = world.having(m.Introduction, "user_id", user.id)
    tasks = world.having(m.SelfRegistration, "applicant_id", user.id)
    return (
        {relation.organisation_id for relation in relations}
        | {each.organisation_id for each in introductions if each.introduced_at > world.now - INTRODUCED}
        | {task.organisation_id for task in tasks if task.status == TaskStatus.OPEN}
    )


def reads_language(viewer: Viewer, user: m.User) -> bool:
    """As personal data, and administrators of their people."""
    relations = viewer.world.having(m.WorkRelation, "user_id", user.id)
    return reads_personal_data(viewer, user) or any(viewer.administers(each.organisation_id) for each in relations)
