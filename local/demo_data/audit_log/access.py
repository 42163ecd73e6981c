"""The entries about organisations, their systems, mandates, people who were added, and self-registrations."""

from typing import Final

from domain.database.connection import database
from domain.models import (
    AccessMandate,
    AccessMandateKind,
    AccessRight,
    AuditAction,
    AuditEntry,
    Introduction,
    MachineClient,
    Organisation,
    Role,
    SelfRegistration,
    TaskStatus,
)
from domain.personal_values import sealed_value
from local.demo_data.audit_log.audit_entry import AuditStamp, audit_entry, optional_stamp
from local.demo_data.demo_rows import DemoRows

_OPERATOR: Final = "operator"


async def access_entries(_demo: DemoRows) -> list[AuditEntry]:
    """The entries about who manages access, and for whom."""
    return [
        *await _organisation_entries(),
        *await _mandate_entries(),
        *await _introduction_entries(),
        *await _self_registration_entries(),
    ]


async def _organisation_entries() -> list[AuditEntry]:
    registrations = [
        audit_entry(
            AuditAction.ORGANISATION_REGISTERED,
            organisation,
            organisation.id,
            AuditStamp(organisation.created_at, _OPERATOR),
            after={"name": organisation.name, "kind": organisation.kind},
        )
        for organisation in await Organisation.all()
    ]
    machine_clients = [
        audit_entry(
            AuditAction.MACHINE_CLIENT_ADDED,
            client,
            client.organisation_id,
            AuditStamp(client.created_at, _OPERATOR),
            after={"clientId": client.client_id, "name": client.name},
        )
        for client in await MachineClient.all()
    ]
    return registrations + machine_clients


async def _mandate_entries() -> list[AuditEntry]:
    entries = []
    for mandate in await AccessMandate.all():
        is_legal = mandate.kind is AccessMandateKind.LEGAL_REPRESENTATIVE
        organisation_id, facts = mandate.organisation_id, {"kind": mandate.kind, "user": mandate.user_id}
        begin = AuditAction.LEGAL_REPRESENTATIVE_CAME if is_legal else AuditAction.ACCESS_MANAGER_APPOINTED
        begun = AuditStamp(mandate.since, _OPERATOR if is_legal else mandate.appointed_by_id)
        entries.append(audit_entry(begin, mandate, organisation_id, begun, after=facts))
        if ended := optional_stamp(mandate.ended_at, mandate.ended_by_id):
            end, reason = AuditAction.ACCESS_MANAGER_DISMISSED, mandate.end_reason
            entries.append(audit_entry(end, mandate, organisation_id, ended, before=facts, reason=reason))
    return entries


async def _introduction_entries() -> list[AuditEntry]:
    entries = []
    for row in await Introduction.all().prefetch_related("user", "organisation"):
        stamp = AuditStamp(row.introduced_at, row.introduced_by_id)
        entries.append(audit_entry(AuditAction.PERSON_ASKED_FOR, row.organisation, row.organisation_id, stamp))
        entries.append(
            audit_entry(AuditAction.PERSON_ADDED, row.user, row.organisation_id, stamp, after={"user": row.user_id})
        )
    return entries


async def _self_registration_entries() -> list[AuditEntry]:
    entries = []
    for task in await SelfRegistration.all():
        is_requested = {Role.ADMINISTRATOR: task.asks_administrator, Role.USER: task.asks_user}
        roles = sorted(role for role, requested in is_requested.items() if requested)
        facts = {
            "roles": roles,
            "email": await sealed_value(database(), task.applicant_id, task.email),
            "phone": await sealed_value(database(), task.applicant_id, task.phone),
        }
        organisation_id, requested = task.organisation_id, AuditStamp(task.created_at, task.applicant_id)
        entries.append(
            audit_entry(AuditAction.SELF_REGISTRATION_REQUESTED, task, organisation_id, requested, after=facts)
        )
        if decided := optional_stamp(task.decided_at, task.decided_by_id):
            grant = await _granted_right(task, roles) if task.status is TaskStatus.APPROVED else None
            action, reason = AuditAction(f"SELF_REGISTRATION_{task.status}"), task.decision_reason
            entries.append(audit_entry(action, task, organisation_id, decided, after=grant, reason=reason))
    return entries


async def _granted_right(task: SelfRegistration, roles: list[Role]) -> dict[str, object]:
    """What an approval granted, as its entry says it."""
    right = await AccessRight.get(
        work_relation__user_id=task.applicant_id, work_relation__organisation_id=task.organisation_id
    )
    return {"roles": roles, "workRelation": right.work_relation_id, "right": right.id}
