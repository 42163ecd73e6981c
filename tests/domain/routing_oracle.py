"""An oracle for routing: a naive implementation of the manual's chapter 4, independent of the rule that it checks."""

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
LEVELS = ["CONTRACT", "GROUP", "ORGANISATION", "USER", "ADMINISTRATOR"]


@dataclass
class ExpectedRouting:
    """Where a notification goes.

    Attributes:
        level: The name of the level; None when the notification is suppressed.
        addresses: By address, the key of its user (None unless it is one person's), and the language of the mail.
    """

    level: str | None
    addresses: dict[str, tuple[int | None, str]]


async def expected_routing(notification: Notification, failed: ExpectedRouting | None = None) -> ExpectedRouting:
    """The first routing; or the second one, after every mail of the first has failed."""
    contract = await Contract.get(id=notification.contract_id)
    if contract.ended_at is not None:
        return ExpectedRouting(None, {})
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
        failed_level = LEVELS.index(failed.level)
        levels = {level: contacts for level, contacts in levels.items() if LEVELS.index(level) > failed_level}
    failed_addresses = failed.addresses if failed else {}
    for level, contacts in levels.items():
        reachable = [
            (address, user) for address, user in contacts if address and normalised(address) not in failed_addresses
        ]
        if reachable:
            return ExpectedRouting(level, await merged(reachable))
    return ExpectedRouting(None, {})


def normalised(address: str) -> str:
    local, domain = address.split("@")
    return f"{local}@{domain.lower()}"


async def merged(contacts: list[tuple[str, int | None]]) -> dict[str, tuple[int | None, str]]:
    """Each address once, with its user and language if they are unambiguous."""
    users_by_address: dict[str, set[int | None]] = {}
    for address, user in contacts:
        users_by_address.setdefault(normalised(address), set()).add(user)
    recipients = {}
    for address, users in users_by_address.items():
        languages = {(await User.get(id=user)).language if user else None for user in users}
        language = next(iter(languages)) if len(languages) == 1 else None
        recipients[address] = (next(iter(users)) if len(users) == 1 else None, str(language or "NL"))
    return recipients


async def groups_with_the_right_rights(notification: Notification) -> list[Group]:
    required_level = DRAFT if notification.trigger == "ACTION_RELEASED" else READ
    theme = await theme_of(notification)
    entitled_groups = []
    for link in await GroupLink.filter(contract_id=notification.contract_id, ended_at=None):
        group = await Group.get(id=link.group_id)
        levels = await GroupThemeLevel.filter(group_id=group.id, valid_to=None)
        sufficient = [level for level in levels if level.level >= required_level and theme in (None, level.theme_id)]
        if group.active and sufficient:
            entitled_groups.append(group)
    return entitled_groups


async def theme_of(notification: Notification) -> int | None:
    document_id = notification.document_id
    if notification.message_id:
        document_id = (await Message.get(id=notification.message_id)).document_id
    if notification.action_id:
        document_id = (await Action.get(id=notification.action_id)).document_id
    return (await Document.get(id=document_id)).theme_id if document_id else None


async def users_involved(notification: Notification, groups: list[Group]) -> list[tuple[str | None, int | None]]:
    contacts: list[tuple[str | None, int | None]] = []
    for group in groups:
        for member in await Membership.filter(group_id=group.id, ended_at=None):
            counts_here = member.kind == "FIXED" or member.contract_id == notification.contract_id
            if (
                counts_here
                and await has_role(member.work_relation_id, "USER")
                and member.user_id != notification.released_by_id
            ):
                contacts.append(((await WorkRelation.get(id=member.work_relation_id)).email, member.user_id))
    return contacts


async def administrators(organisation: Organisation) -> list[tuple[str | None, int | None]]:
    relations = await WorkRelation.filter(organisation_id=organisation.id)
    mandates = await AccessMandate.filter(organisation_id=organisation.id, ended_at=None)
    by_right: list[tuple[str | None, int | None]] = [
        (relation.email, relation.user_id) for relation in relations if await has_role(relation.id, "ADMINISTRATOR")
    ]
    return by_right + [
        (mandate.email, mandate.user_id) for mandate in mandates if mandate.kind == "LEGAL_REPRESENTATIVE"
    ]


async def has_role(work_relation_id: int, role: str) -> bool:
    today = await brussels_today(database())
    periods = await WorkRelationPeriod.filter(work_relation_id=work_relation_id)
    if not any(period.valid_from <= today <= period.valid_until for period in periods):
        return False
    for right in await AccessRight.filter(work_relation_id=work_relation_id, revoked_at=None):
        if any(row.role == role for row in await AccessRightRole.filter(access_right_id=right.id, valid_to=None)):
            return True
    return False
