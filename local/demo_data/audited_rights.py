"""What was done about work relations and rights."""

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
from local.demo_data.audit_entry import Done, Span, ended, entry, steps
from local.demo_data.engagements import ENGAGEMENTS, Engagement
from local.demo_data.loaded import Loaded


async def right_entries(loaded: Loaded) -> list[AuditEntry]:
    """Of everything that gives people days and roles, and takes them."""
    entries = []
    for engagement in ENGAGEMENTS:
        entries += await _of_work_relation(loaded, engagement)
    for right in await AccessRight.all().prefetch_related("work_relation"):
        entries += await _of_right(right)
    return entries


async def _of_work_relation(loaded: Loaded, engagement: Engagement) -> list[AuditEntry]:
    """It was made by who granted the right on it, or by a legal representative; its last day moved since, if it did."""
    relation = await WorkRelation.get(id=loaded.work_relations[engagement.organisation, engagement.person].id)
    first_day, last_day = loaded.calendar.day(engagement.first), loaded.calendar.day(engagement.last)
    what, by = relation.organisation_id, await _maker(relation)
    after = {
        "user": relation.user_id,
        "category": relation.category,
        "validFrom": first_day.isoformat(),
        "validUntil": last_day.isoformat(),
        "email": await sealed_value(database(), relation.user_id, relation.email),
        "phone": await sealed_value(database(), relation.user_id, relation.phone),
    }
    entries = [entry(AuditAction.WORK_RELATION_CREATED, relation, what, Done(relation.created_at, by), after=after)]
    for period in await WorkRelationPeriod.filter(work_relation=relation).order_by("valid_from"):
        if period.valid_until != last_day:
            moved = Done(loaded.calendar.moment((loaded.calendar.today - period.last_day_given_on).days), by)
            before, after = {"validUntil": last_day.isoformat()}, {"validUntil": period.valid_until.isoformat()}
            entries.append(entry(AuditAction.WORK_RELATION_CHANGED, relation, what, moved, before=before, after=after))
    return entries


async def _maker(relation: WorkRelation) -> int | None:
    right = await AccessRight.filter(work_relation=relation).order_by("granted_at").first()
    if right:
        return right.granted_by_id
    legal = AccessMandateKind.LEGAL_REPRESENTATIVE
    mandates = AccessMandate.filter(organisation_id=relation.organisation_id, kind=legal)
    return next(mandate.user_id for mandate in await mandates.order_by("id"))


async def _of_right(right: AccessRight) -> list[AuditEntry]:
    what, by = right.work_relation.organisation_id, right.granted_by_id
    revoked = ended(right.revoked_at, right.revoked_by_id)
    roles = [
        Span(row.role, Done(row.valid_from, by), ended(row.valid_to, by))
        for row in await AccessRightRole.filter(access_right=right)
    ]
    first, *others = steps(roles)
    after = {"workRelation": right.work_relation_id, "roles": first.after}
    entries = [entry(AuditAction.ACCESS_RIGHT_GRANTED, right, what, first.done, after=after, reason=right.reason)]
    for step in others:
        before, after = {"roles": step.before}, {"roles": step.after}
        if revoked and step.done.at == revoked.at:
            reason = right.revocation_reason
            entries.append(entry(AuditAction.ACCESS_RIGHT_REVOKED, right, what, revoked, before=before, reason=reason))
        else:
            facts = {"before": before, "after": after}
            entries.append(
                entry(AuditAction.ACCESS_RIGHT_CHANGED, right, what, step.done, **facts, reason=right.reason)
            )
    return entries
