"""A second, naive reading of domain section 6 and manual 4, kept apart from the rule that it checks."""

from dataclasses import dataclass

from domain.clock import brussels_today
from domain.database.connection import database
from domain.models import (
    AccessMandate,
    AccessRight,
    AccessRightRole,
    Contract,
    Document,
    Group,
    GroupLink,
    GroupThemeLevel,
    Membership,
    Message,
    Notification,
    Organisation,
    User,
    WorkRelation,
    WorkRelationPeriod,
)
from domain.models.action import Action

READ, DRAFT = 1, 2
ORDER = ["CONTRACT", "GROUP", "ORGANISATION", "USER", "ADMINISTRATOR"]


@dataclass
class Answer:
    """The level's name, or None, and for each address whose it is (None unless one person's) and in what language."""

    level: str | None
    addresses: dict[str, tuple[int | None, str]]


async def naive_routing(notification: Notification, failed: Answer | None = None) -> Answer:
    """The answer, or when all mails of a first answer failed, the second one."""
    contract = await Contract.get(id=notification.contract_id)
    if contract.ended_at is not None:
        return Answer(None, {})
    nothing_linked = notification.trigger == "CONTRACT_AVAILABLE"
    groups = [] if nothing_linked else await groups_with_the_right_rights(notification)
    organisation = await Organisation.get(id=contract.organisation_id)
    levels: dict[str, list[tuple[str | None, int | None]]] = {
        "CONTRACT": [] if nothing_linked else [(contract.email, None)],
        "GROUP": [(group.email, None) for group in groups],
        "ORGANISATION": [(organisation.email, None)],
        "USER": await users_involved(notification, groups),
        "ADMINISTRATOR": await administrators(organisation),
    }
    if failed and failed.level:
        levels = {level: found for level, found in levels.items() if ORDER.index(level) > ORDER.index(failed.level)}
    tried = failed.addresses if failed else {}
    for level, found in levels.items():
        ways = [(address, user) for address, user in found if address and spelled(address) not in tried]
        if ways:
            return Answer(level, await merged(ways))
    return Answer(None, {})


def spelled(address: str) -> str:
    local, domain = address.split("@")
    return f"{local}@{domain.lower()}"


async def merged(ways: list[tuple[str, int | None]]) -> dict[str, tuple[int | None, str]]:
    owners: dict[str, set[int | None]] = {}
    for address, user in ways:
        owners.setdefault(spelled(address), set()).add(user)
    answer = {}
    for address, users in owners.items():
        languages = {(await User.get(id=user)).language if user else None for user in users}
        same = next(iter(languages)) if len(languages) == 1 else None
        answer[address] = (next(iter(users)) if len(users) == 1 else None, str(same or "NL"))
    return answer


async def groups_with_the_right_rights(notification: Notification) -> list[Group]:
    needed = DRAFT if notification.trigger == "ACTION_RELEASED" else READ
    theme = await theme_of(notification)
    found = []
    for link in await GroupLink.filter(contract_id=notification.contract_id, ended_at=None):
        group = await Group.get(id=link.group_id)
        levels = await GroupThemeLevel.filter(group_id=group.id, valid_to=None)
        reached = [level for level in levels if level.level >= needed and theme in (None, level.theme_id)]
        if group.active and reached:
            found.append(group)
    return found


async def theme_of(notification: Notification) -> int | None:
    document_id = notification.document_id
    if notification.message_id:
        document_id = (await Message.get(id=notification.message_id)).document_id
    if notification.action_id:
        document_id = (await Action.get(id=notification.action_id)).document_id
    return (await Document.get(id=document_id)).theme_id if document_id else None


async def users_involved(notification: Notification, groups: list[Group]) -> list[tuple[str | None, int | None]]:
    found: list[tuple[str | None, int | None]] = []
    for group in groups:
        for member in await Membership.filter(group_id=group.id, ended_at=None):
            here = member.kind == "FIXED" or member.contract_id == notification.contract_id
            if (
                here
                and await has_role(member.work_relation_id, "USER")
                and member.user_id != notification.released_by_id
            ):
                found.append(((await WorkRelation.get(id=member.work_relation_id)).email, member.user_id))
    return found


async def administrators(organisation: Organisation) -> list[tuple[str | None, int | None]]:
    relations = await WorkRelation.filter(organisation_id=organisation.id)
    mandates = await AccessMandate.filter(organisation_id=organisation.id, ended_at=None)
    found: list[tuple[str | None, int | None]] = [
        (each.email, each.user_id) for each in relations if await has_role(each.id, "ADMINISTRATOR")
    ]
    return found + [(each.email, each.user_id) for each in mandates if each.kind == "LEGAL_REPRESENTATIVE"]


async def has_role(work_relation_id: int, role: str) -> bool:
    today = await brussels_today(database())
    periods = await WorkRelationPeriod.filter(work_relation_id=work_relation_id)
    if not any(period.valid_from <= today <= period.valid_until for period in periods):
        return False
    for right in await AccessRight.filter(work_relation_id=work_relation_id, revoked_at=None):
        if any(row.role == role for row in await AccessRightRole.filter(access_right_id=right.id, valid_to=None)):
            return True
    return False
