"""Set-up of the tests of routing: a received document, a linked group, its members."""

from typing import Any

from domain.models import Contract, DocumentLevel, Group, Notification, Organisation, Role, WorkRelation
from domain.rules.notification_routing import route_notification
from domain.rules.routing import RoutingDecision
from tests import rows

READ = {"INVOICING": DocumentLevel.READ}
DRAFT = {"INVOICING": DocumentLevel.DRAFT}


async def routed(notification: Notification) -> RoutingDecision:
    decision = await route_notification(notification.id, attempt=0, message_domain="mail.example")
    assert decision is not None
    return decision


async def a_received_document(contract: Contract, theme_code: str = "INVOICING") -> Notification:
    return await rows.a_notification(contract, await rows.a_document(contract, theme_code=theme_code))


async def a_linked_group(contract: Contract, **columns: Any) -> Group:
    group = await rows.a_group(await Organisation.get(id=contract.organisation_id), **{"levels": READ} | columns)
    await rows.a_link(contract, group)
    return group


async def a_member(group: Group, email: str | None, **person: Any) -> WorkRelation:
    organisation = await Organisation.get(id=group.organisation_id)
    work_relation = await rows.a_work_relation(await rows.a_user(**person), organisation, email=email)
    await rows.a_right(work_relation, Role.USER)
    await rows.a_membership(group, work_relation)
    return work_relation


def addresses(decision: RoutingDecision) -> list[str]:
    return [recipient.address for recipient in decision.recipients]


def skipped(decision: RoutingDecision) -> dict[str, str]:
    return {level["level"]: level["reason"] for level in decision.explanation["skipped"]}
