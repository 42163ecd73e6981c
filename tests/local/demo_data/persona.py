"""The personas as a naive reading of the demo's rows: who they are, and what they may do today."""

from dataclasses import dataclass
from datetime import date

from domain.models import (
    AccessMandate,
    AccessMandateKind,
    AccessRight,
    AccessRightRole,
    Contract,
    DocumentLevel,
    GroupLink,
    GroupThemeLevel,
    Membership,
    Organisation,
    Role,
    User,
    WorkRelation,
    WorkRelationPeriod,
)
from domain.sealed_national_number import has_number
from local.people import persona
from tests.rows import today


async def persona_user(key: str) -> User | None:
    """The user of a persona, by national number."""
    person = persona(key)
    assert person is not None
    return await User.get_or_none(has_number(person.national_number))


@dataclass
class Persona:
    """A persona and the rows about them, read one by one."""

    user: User
    today: date

    @classmethod
    async def of(cls, key: str) -> "Persona":
        user = await persona_user(key)
        assert user is not None
        return cls(user, await today())

    async def work_relations(self) -> list[WorkRelation]:
        return await WorkRelation.filter(user_id=self.user.id).order_by("id")

    async def is_active(self, work_relation: WorkRelation) -> bool:
        periods = await WorkRelationPeriod.filter(work_relation_id=work_relation.id)
        return any(period.valid_from <= self.today <= period.valid_until for period in periods)

    async def rights(self) -> list[AccessRight]:
        work_relation_ids = [work_relation.id for work_relation in await self.work_relations()]
        return await AccessRight.filter(work_relation_id__in=work_relation_ids)

    async def roles(self) -> dict[int, set[Role]]:
        """The roles that count today, by organisation."""
        roles: dict[int, set[Role]] = {}
        for work_relation in await self.work_relations():
            if await self.is_active(work_relation):
                for right in await AccessRight.filter(work_relation_id=work_relation.id, revoked_at=None):
                    rows = await AccessRightRole.filter(access_right_id=right.id, valid_to=None)
                    roles.setdefault(work_relation.organisation_id, set()).update(row.role for row in rows)
        return roles

    async def mandates(self) -> dict[int, set[AccessMandateKind]]:
        """The mandates that count today, by organisation."""
        active = [row.organisation_id for row in await self.work_relations() if await self.is_active(row)]
        mandates: dict[int, set[AccessMandateKind]] = {}
        for mandate in await AccessMandate.filter(user_id=self.user.id, ended_at=None):
            if mandate.kind is AccessMandateKind.LEGAL_REPRESENTATIVE or mandate.organisation_id in active:
                mandates.setdefault(mandate.organisation_id, set()).add(mandate.kind)
        return mandates

    async def acts_for(self) -> set[int]:
        """The organisations that the person may act for today."""
        return set(await self.roles()) | set(await self.mandates())

    async def memberships(self) -> list[Membership]:
        return await Membership.filter(user_id=self.user.id)

    async def levels(self, theme_id: int) -> dict[int, DocumentLevel]:
        """As USER: the level on a theme, by each contract that a group opens."""
        levels: dict[int, DocumentLevel] = {}
        user_at = {key for key, roles in (await self.roles()).items() if Role.USER in roles}
        for link in await GroupLink.filter(ended_at=None, group__active=True).select_related("group"):
            for membership in await Membership.filter(group_id=link.group_id, user_id=self.user.id, ended_at=None):
                if membership.contract_id in {None, link.contract_id} and link.organisation_id in user_at:
                    rows = await GroupThemeLevel.filter(group_id=link.group_id, theme_id=theme_id, valid_to=None)
                    level = max((row.level for row in rows), default=DocumentLevel.NONE)
                    levels[link.contract_id] = max(level, levels.get(link.contract_id, DocumentLevel.NONE))
        return levels


async def persona_organisation() -> Organisation:
    """The one that the personas act for."""
    [key] = await (await Persona.of("admin")).acts_for()
    return await Organisation.get(id=key)


async def contracts_without_group() -> list[Contract]:
    """Every contract to which no group is linked today."""
    linked_contract_ids = {link.contract_id for link in await GroupLink.filter(ended_at=None)}
    return [contract for contract in await Contract.all() if contract.id not in linked_contract_ids]
