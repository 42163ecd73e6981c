"""Which rows a viewer sees, by table."""

from collections.abc import Callable
from typing import Any, Final

from tortoise.models import Model

from domain import models as m
from tests.domain.naive import exchange, groups, organisations, people
from tests.domain.naive.viewer import Viewer

SEES: Final[dict[type[Model], Callable[[Viewer, Any], bool]]] = {
    m.AccessMandate: organisations.sees_access_mandate,
    m.AccessRight: organisations.sees_access_right,
    m.Action: exchange.sees_action,
    m.Attachment: exchange.sees_attachment,
    m.AuditEntry: organisations.sees_audit_entry,
    m.Contract: groups.sees_contract,
    m.ContractType: organisations.sees_reference_data,
    m.Delivery: exchange.sees_delivery,
    m.Document: exchange.sees_document,
    m.Group: groups.sees_group,
    m.GroupLink: groups.sees_group_link,
    m.Membership: groups.sees_membership,
    m.Message: exchange.sees_message,
    m.Notification: exchange.sees_notification,
    m.Organisation: organisations.sees_organisation,
    m.Routing: exchange.sees_routing,
    m.SelfRegistration: organisations.sees_task,
    m.Session: organisations.sees_session,
    m.Theme: organisations.sees_reference_data,
    m.User: people.sees_user,
    m.WorkRelation: organisations.sees_work_relation,
}


def seen(viewer: Viewer, model: type[Model]) -> set[int]:
    """The keys of the rows that a viewer sees."""
    sees = SEES[model]
    return {row.pk for row in viewer.world.all(model) if sees(viewer, row)}
