"""Who had access on a day, and through what, however much has changed since (domain 8)."""

from datetime import timedelta
from typing import Any

import pytest

from domain.actor import Actor
from domain.models import AccessRight, Contract, DocumentLevel, Group, GroupLink, ReferenceLevel, Role, WorkRelation
from domain.rules.access_right import revoke_access_right
from domain.rules.contract import ContractCorrection, correct_contract
from domain.rules.contract_groups import set_contract_groups
from domain.rules.group_deletion import delete_group
from domain.rules.group_members import remove_group_member
from domain.rules.group_update import GroupUpdate, update_group
from gql.reading.ids import global_id
from tests import rows
from tests.gql.execution import machine, person, read
from tests.owner import as_owner

pytestmark = pytest.mark.usefixtures("database")
TOLD = """referenceLevel themeLevels { theme { code } level } reasons { __typename ... on GroupAccess {
  group { name active } membership { kind } themeLevels { level } referenceLevel } }"""
ON_DAY = f"""query($contract: ID!, $user: ID!, $organisation: ID!, $day: Date) {{
  contract: node(id: $contract) {{ ... on Contract {{
    access(asOf: $day) {{ edges {{ node {{ user {{ id }} {TOLD} }} }} }}
    accessOf(userId: $user, asOf: $day) {{ {TOLD} }}
  }} }}
  user: node(id: $user) {{ ... on User {{
    contractAccess(organisationId: $organisation, asOf: $day) {{ edges {{ node {{ contract {{ id }} {TOLD} }} }} }}
  }} }} }}"""
LONG_AGO = timedelta(days=60)
ON_THE_DAY = timedelta(days=30)


class Office:
    """An organisation in which a fixed and a contract-specific member have worked on a contract for two months."""

    administrator: Actor
    contract: Contract
    group: Group
    link: GroupLink
    fixed: WorkRelation
    specific: WorkRelation

    async def prepare(self) -> "Office":
        begun = await rows.now() - LONG_AGO
        organisation = await rows.an_organisation()
        representative = await rows.a_user()
        await rows.a_mandate(user=representative, organisation=organisation, since=begun)
        self.administrator = person(representative)
        self.contract = await rows.a_contract(organisation, published_at=begun)
        self.group = await rows.a_group(organisation, "Ploeg Noord")
        await rows.a_theme_level(self.group, "INVOICING", DocumentLevel.SEND, valid_from=begun)
        await rows.a_reference_level(self.group, "CONTRACT", ReferenceLevel.WRITE, valid_from=begun)
        self.link = await rows.a_link(self.contract, self.group, linked_at=begun)
        self.fixed, self.specific = [await rows.a_work_relation(organisation=organisation) for _ in range(2)]
        for relation, link in ((self.fixed, None), (self.specific, self.link)):
            await rows.a_right(relation, Role.USER, granted_at=begun)
            await rows.a_membership(self.group, relation, link, since=begun)
        return self

    async def told(self, relation: WorkRelation, days_ago: timedelta | None) -> dict[str, Any]:
        """What the three ways to ask tell of somebody's access then; they must agree."""
        day = None if days_ago is None else (await rows.today() - days_ago).isoformat()
        ids = {
            "contract": global_id("Contract", self.contract.id),
            "user": global_id("User", relation.user_id),
            "organisation": global_id("Organisation", self.contract.organisation_id),
        }
        found = await read(self.administrator, ON_DAY, **ids, day=day)
        nodes = [edge["node"] for edge in found["contract"]["access"]["edges"]]
        here = [node for node in nodes if node.pop("user") == {"id": ids["user"]}]
        there = [edge["node"] for edge in found["user"]["contractAccess"]["edges"]]
        assert all(node.pop("contract") == {"id": ids["contract"]} for node in there)
        assert here == there
        answer: dict[str, Any] = found["contract"]["accessOf"]
        assert here == ([answer] if answer["reasons"] else [])
        return answer

    async def change_everything(self) -> None:
        """Renames the group, lowers its levels, takes out its member, unlinks and deletes it, revokes the rights."""
        who = {"actor": self.administrator}
        change = GroupUpdate(
            name="Ploeg Zuid",
            theme_levels=[("INVOICING", DocumentLevel.READ)],
            reference_levels=[("CONTRACT", ReferenceLevel.READ)],
        )
        await update_group(**who, group_id=self.group.id, version=1, update=change)
        await remove_group_member(**who, group_id=self.group.id, user_id=self.fixed.user_id)
        await set_contract_groups(**who, contract_id=self.contract.id, version=1, group_ids=[])
        await delete_group(**who, group_id=self.group.id, version=3)
        for relation in (self.fixed, self.specific):
            right = await AccessRight.get(work_relation_id=relation.id)
            await revoke_access_right(**who, right_id=right.id, version=1, reason="Andere functie")


@pytest.fixture
async def office() -> Office:
    return await Office().prepare()


def through_the_group(kind: str, name: str, *, active: bool) -> dict[str, Any]:
    """SEND on invoicing and WRITE on the own reference, by the group alone."""
    reason = {
        "__typename": "GroupAccess",
        "group": {"name": name, "active": active},
        "membership": {"kind": kind},
        "themeLevels": [{"level": "SEND"}],
        "referenceLevel": "WRITE",
    }
    levels = [{"theme": {"code": "INVOICING"}, "level": "SEND"}]
    return {"referenceLevel": "WRITE", "themeLevels": levels, "reasons": [reason]}


NOTHING = {"referenceLevel": None, "themeLevels": [{"theme": {"code": "INVOICING"}, "level": "NONE"}], "reasons": []}


async def test_what_has_changed_since_changes_nothing_of_that_day(office: Office):
    people = {"FIXED": office.fixed, "CONTRACT_SPECIFIC": office.specific}
    for kind, relation in people.items():
        now = through_the_group(kind, "Ploeg Noord", active=True)
        assert [await office.told(relation, then) for then in (None, ON_THE_DAY)] == [now, now]

    await office.change_everything()

    for kind, relation in people.items():
        # The group is told as it is called now: it is the same one.
        assert await office.told(relation, ON_THE_DAY) == through_the_group(kind, "Ploeg Zuid", active=False)
        assert await office.told(relation, None) == NOTHING
        assert await office.told(relation, LONG_AGO + timedelta(days=1)) == NOTHING


async def test_on_the_day_of_the_change_both_are_told(office: Office):
    await office.change_everything()
    told = await office.told(office.fixed, timedelta())
    assert told["themeLevels"] == [{"theme": {"code": "INVOICING"}, "level": "SEND"}]
    assert len(told["reasons"]) == 1


async def test_the_level_on_the_own_reference_is_that_of_the_type_of_the_day(office: Office):
    authority = await office.contract.contracting_authority
    correction = ContractCorrection(type_code="EXTENDABLE_CONTRACT")

    await correct_contract(actor=machine(authority), contract_id=office.contract.id, correction=correction)

    days = {"now": None, "today": timedelta(), "then": ON_THE_DAY}
    access = {day: await office.told(office.fixed, days_ago) for day, days_ago in days.items()}
    levels = {day: (told["referenceLevel"], told["reasons"][0]["referenceLevel"]) for day, told in access.items()}
    assert levels == {"now": ("READ", "READ"), "today": ("WRITE", "WRITE"), "then": ("WRITE", "WRITE")}


async def test_a_level_counts_only_while_the_contract_is_of_its_type(office: Office):
    corrected, moment = await rows.now() - ON_THE_DAY, timedelta(hours=1)
    await as_owner("delete from group_reference_level")
    await rows.a_former_type(office.contract, "EXTENDABLE_CONTRACT", valid_to=corrected)
    # Until an hour before the contract became a CONTRACT, the group gave WRITE on those.
    await rows.a_reference_level(
        office.group, "CONTRACT", ReferenceLevel.WRITE, valid_from=corrected - 2 * moment, valid_to=corrected - moment
    )

    assert (await office.told(office.fixed, ON_THE_DAY))["referenceLevel"] == "READ"


async def test_a_day_to_come_is_told_as_things_stand(office: Office):
    await as_owner("update work_relation_period set valid_until = brussels_today() + 10")
    assert (await office.told(office.fixed, timedelta(days=-10)))["reasons"]
    assert await office.told(office.fixed, timedelta(days=-11)) == NOTHING
