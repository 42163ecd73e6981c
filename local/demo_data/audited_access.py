"""What was done about organisations, mandates, people who were added and requests."""

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
from local.demo_data.audit_entry import Done, ended, entry
from local.demo_data.loaded import Loaded

_OPERATOR: Final = "operator"


async def access_entries(_loaded: Loaded) -> list[AuditEntry]:
    """Of everything that leads to people and whom they may decide for."""
    return [*await _organisations(), *await _mandates(), *await _introductions(), *await _requests()]


async def _organisations() -> list[AuditEntry]:
    registered = [
        entry(
            AuditAction.ORGANISATION_REGISTERED,
            organisation,
            organisation.id,
            Done(organisation.created_at, _OPERATOR),
            after={"name": organisation.name, "kind": organisation.kind},
        )
        for organisation in await Organisation.all()
    ]
    clients = [
        entry(
            AuditAction.MACHINE_CLIENT_ADDED,
            client,
            client.organisation_id,
            Done(client.created_at, _OPERATOR),
            after={"clientId": client.client_id, "name": client.name},
        )
        for client in await MachineClient.all()
    ]
    return registered + clients


async def _mandates() -> list[AuditEntry]:
    entries = []
    for mandate in await AccessMandate.all():
        legal = mandate.kind is AccessMandateKind.LEGAL_REPRESENTATIVE
        what, told = mandate.organisation_id, {"kind": mandate.kind, "user": mandate.user_id}
        came = AuditAction.LEGAL_REPRESENTATIVE_CAME if legal else AuditAction.ACCESS_MANAGER_APPOINTED
        begun = Done(mandate.since, _OPERATOR if legal else mandate.appointed_by_id)
        entries.append(entry(came, mandate, what, begun, after=told))
        if over := ended(mandate.ended_at, mandate.ended_by_id):
            reason = mandate.end_reason
            entries.append(entry(AuditAction.ACCESS_MANAGER_DISMISSED, mandate, what, over, before=told, reason=reason))
    return entries


async def _introductions() -> list[AuditEntry]:
    entries = []
    for row in await Introduction.all().prefetch_related("user", "organisation"):
        done = Done(row.introduced_at, row.introduced_by_id)
        entries.append(entry(AuditAction.PERSON_ASKED_FOR, row.organisation, row.organisation_id, done))
        entries.append(
            entry(AuditAction.PERSON_ADDED, row.user, row.organisation_id, done, after={"user": row.user_id})
        )
    return entries


async def _requests() -> list[AuditEntry]:
    entries = []
    for task in await SelfRegistration.all():
        asked = {Role.ADMINISTRATOR: task.asks_administrator, Role.USER: task.asks_user}
        roles = sorted(role for role, is_asked in asked.items() if is_asked)
        after = {
            "roles": roles,
            "email": await sealed_value(database(), task.applicant_id, task.email),
            "phone": await sealed_value(database(), task.applicant_id, task.phone),
        }
        what, made = task.organisation_id, Done(task.created_at, task.applicant_id)
        entries.append(entry(AuditAction.SELF_REGISTRATION_REQUESTED, task, what, made, after=after))
        if decided := ended(task.decided_at, task.decided_by_id):
            given = await _granted(task, roles) if task.status is TaskStatus.APPROVED else None
            action = AuditAction(f"SELF_REGISTRATION_{task.status}")
            entries.append(entry(action, task, what, decided, after=given, reason=task.decision_reason))
    return entries


async def _granted(task: SelfRegistration, roles: list[Role]) -> dict[str, object]:
    right = await AccessRight.get(
        work_relation__user_id=task.applicant_id, work_relation__organisation_id=task.organisation_id
    )
    return {"roles": roles, "workRelation": right.work_relation_id, "right": right.id}
