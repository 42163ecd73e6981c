"""The condition on rows of each table that is held to the naive reading."""

from typing import Final

from tortoise.models import Model

from domain import models as m
from domain import visibility
from domain.predicate import Predicate

CONDITIONS: Final[dict[type[Model], Predicate]] = {
    m.AccessMandate: visibility.access_mandate,
    m.AccessRight: visibility.access_right,
    m.Action: visibility.action,
    m.Attachment: visibility.attachment,
    m.AuditEntry: visibility.audit_entry,
    m.Contract: visibility.contract,
    m.ContractType: visibility.everyone,
    m.Delivery: visibility.delivery,
    m.Document: visibility.document,
    m.Group: visibility.group,
    m.GroupLink: visibility.group_link,
    m.Membership: visibility.membership,
    m.Message: visibility.message,
    m.Notification: visibility.notification,
    m.Organisation: visibility.organisation,
    m.Routing: visibility.routing,
    m.SelfRegistration: visibility.task,
    m.Session: visibility.session,
    m.Theme: visibility.everyone,
    m.User: visibility.user,
    m.WorkRelation: visibility.work_relation,
}
