"""The abilities of a viewer on a row that they see: domain sections 3 to 5, and the contract's list of abilities."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tortoise.models import Model

from domain import models as m
from domain.models import AccessMandateKind, ActionStatus, DocumentLevel, DocumentStatus, ReferenceLevel, TaskStatus
from domain.policies.abilities import Ability
from tests.domain.naive.access import access_for, group_reference_level, level_as_user
from tests.domain.naive.exchange import contract_of, reaches
from tests.domain.naive.viewer import Viewer


def may_appoint_access_managers(viewer: Viewer, organisation_id: int) -> bool:
    return viewer.represents(organisation_id) or viewer.is_main_manager_of(organisation_id)


def may_dismiss(viewer: Viewer, mandate: m.AccessMandate) -> bool:
    """Those who may appoint its holder; only the register appoints legal representatives."""
    if mandate.ended_at is not None or mandate.kind == AccessMandateKind.LEGAL_REPRESENTATIVE:
        return False
    if mandate.kind == AccessMandateKind.MAIN_ACCESS_MANAGER:
        return viewer.represents(mandate.organisation_id)
    return may_appoint_access_managers(viewer, mandate.organisation_id)


def may_set_own_email(viewer: Viewer, mandate: m.AccessMandate) -> bool:
    is_own = mandate.user_id == viewer.person and mandate.ended_at is None
    return is_own and viewer.manages(mandate.organisation_id)


def may_manage_access_of(viewer: Viewer, relation: m.WorkRelation) -> bool:
    """Nobody helps themselves; legal representatives may."""
    is_allowed = relation.user_id != viewer.person or viewer.represents(relation.organisation_id)
    return viewer.manages(relation.organisation_id) and is_allowed


def may_administer_group(viewer: Viewer, group: m.Group) -> bool:
    return group.active and viewer.administers(group.organisation_id)


def may_administer_contract(viewer: Viewer, contract: m.Contract) -> bool:
    """An ended contract is read-only."""
    return contract.ended_at is None and viewer.administers(contract.organisation_id)


def may_update_contract(viewer: Viewer, contract: m.Contract) -> bool:
    access = access_for(viewer, contract)
    may_write = any(
        group_reference_level(viewer.world, group, contract.type_id) == ReferenceLevel.WRITE
        for group, _ in access.groups
    )
    return contract.ended_at is None and (access.administrator or may_write)


def may_work_on_contract(level: DocumentLevel) -> Callable[[Viewer, m.Contract], bool]:
    """With the level on any visible theme; never as administrator only."""

    def may(viewer: Viewer, contract: m.Contract) -> bool:
        access = access_for(viewer, contract)
        themes = [theme.id for theme in viewer.world.all(m.Theme) if theme.visible]
        return contract.ended_at is None and any(
            level_as_user(viewer.world, access, theme) >= level for theme in themes
        )

    return may


def may_work_on_document(level: DocumentLevel) -> Callable[[Viewer, m.Document], bool]:
    """Drafts only: a sent document is immutable."""

    def may(viewer: Viewer, document: m.Document) -> bool:
        contract = contract_of(viewer, document)
        is_visible = viewer.world.one(m.Theme, document.theme_id).visible
        has_level = level_as_user(viewer.world, access_for(viewer, contract), document.theme_id) >= level
        return document.status == DocumentStatus.DRAFT and contract.ended_at is None and is_visible and has_level

    return may


def may_take_action(viewer: Viewer, action: m.Action) -> bool:
    contract = contract_of(viewer, action)
    may_draft = reaches(viewer, access_for(viewer, contract), DocumentLevel.DRAFT, action.document_id)
    return contract.ended_at is None and may_draft


def may_assign(viewer: Viewer, action: m.Action) -> bool:
    return action.status == ActionStatus.OPEN and may_take_action(viewer, action)


def may_release(viewer: Viewer, action: m.Action) -> bool:
    """The assignee, or an administrator."""
    contract = contract_of(viewer, action)
    is_allowed = action.assignee_id == viewer.person or viewer.administers(contract.organisation_id)
    return action.status == ActionStatus.ASSIGNED and contract.ended_at is None and is_allowed


def may_complete(viewer: Viewer, action: m.Action) -> bool:
    is_assignee = action.status == ActionStatus.ASSIGNED and action.assignee_id == viewer.person
    return is_assignee and may_take_action(viewer, action)


def may_decide(viewer: Viewer, task: m.SelfRegistration) -> bool:
    """Nobody decides on their own request."""
    is_own = task.applicant_id == viewer.person
    return task.status == TaskStatus.OPEN and not is_own and viewer.manages(task.organisation_id)


ABILITY_CHECKS: Final[dict[type[Model], Mapping[Ability, Callable[[Viewer, Any], bool]]]] = {
    m.Organisation: {
        Ability.MANAGE_ACCESS: lambda viewer, row: viewer.manages(row.id),
        Ability.APPOINT_MAIN_ACCESS_MANAGER: lambda viewer, row: viewer.represents(row.id),
        Ability.APPOINT_ACCESS_MANAGER: lambda viewer, row: may_appoint_access_managers(viewer, row.id),
        Ability.ADMINISTER: lambda viewer, row: viewer.administers(row.id),
    },
    m.AccessMandate: {Ability.UPDATE: may_set_own_email, Ability.DISMISS: may_dismiss},
    m.WorkRelation: {Ability.MANAGE_ACCESS: may_manage_access_of},
    m.Group: {Ability.ADMINISTER: may_administer_group},
    m.Contract: {
        Ability.ADMINISTER: may_administer_contract,
        Ability.UPDATE: may_update_contract,
        Ability.DRAFT: may_work_on_contract(DocumentLevel.DRAFT),
        Ability.SEND: may_work_on_contract(DocumentLevel.SEND),
    },
    m.Document: {
        Ability.UPDATE: may_work_on_document(DocumentLevel.DRAFT),
        Ability.SEND: may_work_on_document(DocumentLevel.SEND),
    },
    m.Action: {Ability.ASSIGN: may_assign, Ability.RELEASE: may_release, Ability.COMPLETE: may_complete},
    m.SelfRegistration: {Ability.DECIDE: may_decide},
}


def abilities(viewer: Viewer, row: Model) -> set[Ability]:
    """The viewer's abilities on a row; a machine client has none."""
    if viewer.person is None:
        return set()
    return {ability for ability, may in ABILITY_CHECKS[type(row)].items() if may(viewer, row)}
