"""The entries about work relations and rights."""

from domain.database.connection import database
from domain.models import (
    AccessMandate,
    AccessMandateKind,
    AccessRight,
    AccessRightRole,
    AuditAction,
    AuditEntry,
    WorkRelation,
    WorkRelationPeriod,
)
from domain.personal_values import sealed_value
from local.demo_data.audit_log.audit_entry import AuditStamp, audit_entry, optional_stamp
from local.demo_data.audit_log.set_changes import SetMember, set_changes
from local.demo_data.demo_rows import DemoRows
from local.demo_data.work_relation_table import WORK_RELATIONS, WorkRelationRow


async def right_entries(demo: DemoRows) -> list[AuditEntry]:
    """The entries about work relations, their last days, and the rights on them."""
    entries = []
    for row in WORK_RELATIONS:
        entries += await _work_relation_entries(demo, row)
    for right in await AccessRight.all().prefetch_related("work_relation"):
        entries += await _right_entries(right)
    return entries


async def _work_relation_entries(demo: DemoRows, row: WorkRelationRow) -> list[AuditEntry]:
    """The creation with the first period, then the changes of the last day."""
    work_relation = await WorkRelation.get(id=demo.work_relations[row.organisation, row.person].id)
    first_day, last_day = demo.calendar.day(row.first), demo.calendar.day(row.last)
    organisation_id, creator_id = work_relation.organisation_id, await _creator_id(work_relation)
    facts = {
        "user": work_relation.user_id,
        "category": work_relation.category,
        "validFrom": first_day.isoformat(),
        "validUntil": last_day.isoformat(),
        "email": await sealed_value(database(), work_relation.user_id, work_relation.email),
        "phone": await sealed_value(database(), work_relation.user_id, work_relation.phone),
    }
    action, created = AuditAction.WORK_RELATION_CREATED, AuditStamp(work_relation.created_at, creator_id)
    entries = [audit_entry(action, work_relation, organisation_id, created, after=facts)]
    for period in await WorkRelationPeriod.filter(work_relation=work_relation).order_by("valid_from"):
        if period.valid_until != last_day:
            days_ago = (demo.calendar.today - period.last_day_given_on).days
            action, changed = AuditAction.WORK_RELATION_CHANGED, AuditStamp(demo.calendar.moment(days_ago), creator_id)
            before, after = ({"validUntil": day.isoformat()} for day in (last_day, period.valid_until))
            entries.append(audit_entry(action, work_relation, organisation_id, changed, before=before, after=after))
    return entries


async def _creator_id(work_relation: WorkRelation) -> int | None:
    """The person who granted the first right on it; without a right, the first legal representative."""
    right = await AccessRight.filter(work_relation=work_relation).order_by("granted_at").first()
    if right:
        return right.granted_by_id
    kind = AccessMandateKind.LEGAL_REPRESENTATIVE
    mandates = AccessMandate.filter(organisation_id=work_relation.organisation_id, kind=kind)
    return next(mandate.user_id for mandate in await mandates.order_by("id"))


async def _right_entries(right: AccessRight) -> list[AuditEntry]:
    organisation_id, granter_id = right.work_relation.organisation_id, right.granted_by_id
    revoked = optional_stamp(right.revoked_at, right.revoked_by_id)
    roles = [
        SetMember(row.role, AuditStamp(row.valid_from, granter_id), optional_stamp(row.valid_to, granter_id))
        for row in await AccessRightRole.filter(access_right=right)
    ]
    grant, *changes = set_changes(roles)
    facts = {"workRelation": right.work_relation_id, "roles": grant.after}
    action = AuditAction.ACCESS_RIGHT_GRANTED
    entries = [audit_entry(action, right, organisation_id, grant.stamp, after=facts, reason=right.reason)]
    for change in changes:
        before, after = {"roles": change.before}, {"roles": change.after}
        if revoked and change.stamp.at == revoked.at:
            action, reason = AuditAction.ACCESS_RIGHT_REVOKED, right.revocation_reason
            entries.append(audit_entry(action, right, organisation_id, revoked, before=before, reason=reason))
        else:
            action, reason = AuditAction.ACCESS_RIGHT_CHANGED, right.reason
            entries.append(
                audit_entry(action, right, organisation_id, change.stamp, before=before, after=after, reason=reason)
            )
    return entries
