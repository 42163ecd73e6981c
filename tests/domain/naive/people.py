"""Visibility of people and of their personal data: domain sections 2 and 4."""

from datetime import timedelta

from domain import models as m
from domain.models import AccessMandateKind, Role, TaskStatus
from tests.domain.naive.groups import sees_membership
from tests.domain.naive.organisations import sees_access_mandate, sees_task, sees_work_relation
from tests.domain.naive.viewer import Viewer, active_roles

INTRODUCTION_PERIOD = timedelta(hours=24)


def sees_user(viewer: Viewer, user: m.User) -> bool:
    """By name: the viewer, the people of rows that they see, people they added, and their administrators."""
    world = viewer.world
    return (
        reads_personal_data(viewer, user)
        or any(sees_work_relation(viewer, row) for row in world.having(m.WorkRelation, "user_id", user.id))
        or any(sees_access_mandate(viewer, row) for row in world.having(m.AccessMandate, "user_id", user.id))
        or any(sees_task(viewer, row) for row in world.having(m.SelfRegistration, "applicant_id", user.id))
        or any(sees_membership(viewer, row) for row in world.having(m.Membership, "user_id", user.id))
        or any(
            is_administrator(viewer, user, organisation.id)
            for organisation in world.all(m.Organisation)
            if viewer.acts_for(organisation.id)
        )
    )


def is_administrator(viewer: Viewer, user: m.User, organisation_id: int) -> bool:
    """Whether the user has the role there, or is a legal representative."""
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
    """Birth date and masked number: the person, and the access managers of organisations that know the person."""
    return user.id == viewer.person or any(
        viewer.manages(organisation_id) for organisation_id in organisations_that_know(viewer, user)
    )


def organisations_that_know(viewer: Viewer, user: m.User) -> set[int]:
    """Those with a work relation or an open task of the person, or that added the person in the last 24 hours."""
    world = viewer.world
    relations = world.having(m.WorkRelation, "user_id", user.id)
    introductions = world.having(m.Introduction, "user_id", user.id)
    tasks = world.having(m.SelfRegistration, "applicant_id", user.id)
    return (
        {relation.organisation_id for relation in relations}
        | {
            introduction.organisation_id
            for introduction in introductions
            if introduction.introduced_at > world.now - INTRODUCTION_PERIOD
        }
        | {task.organisation_id for task in tasks if task.status == TaskStatus.OPEN}
    )


def reads_language(viewer: Viewer, user: m.User) -> bool:
    """Like personal data, and by the administrators of an organisation with a work relation of the person."""
    relations = viewer.world.having(m.WorkRelation, "user_id", user.id)
    return reads_personal_data(viewer, user) or any(
        viewer.administers(relation.organisation_id) for relation in relations
    )
