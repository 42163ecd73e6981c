"""Access on a past day, with its reasons, whatever has changed since (domain 8)."""

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
from tests.database_roles import execute_as_owner
from tests.gql.execution import machine, person, read

pytestmark = pytest.mark.usefixtures("database")
SELECTION = """referenceLevel themeLevels { theme { code } level } reasons { __typename ... on GroupAccess {
  group { name active } membership { kind } themeLevels { level } referenceLevel } }"""
ACCESS_ON_DAY = f"""query($contract: ID!, $user: ID!, $organisation: ID!, $day: Date) {{
  contract: node(id: $contract) {{ ... on Contract {{
    access(asOf: $day) {{ edges {{ node {{ user {{ id }} {SELECTION} }} }} }}
    accessOf(userId: $user, asOf: $day) {{ {SELECTION} }}
  }} }}
  user: node(id: $user) {{ ... on User {{
    contractAccess(organisationId: $organisation, asOf: $day) {{ edges {{ node {{ contract {{ id }} {SELECTION} }} }} }}
  }} }} }}"""
SINCE_BEGIN = timedelta(days=60)
DAYS_AGO = timedelta(days=30)


class Office:
    """An organisation in which a fixed and a contract-specific member have worked on a contract for two months."""

    administrator: Actor
    contract: Contract
    group: Group
    link: GroupLink
    fixed: WorkRelation
    specific: WorkRelation

    async def prepare(self) -> "Office":
        begin = await rows.now() - SINCE_BEGIN
        organisation = await rows.an_organisation()
        representative = await rows.a_user()
        await rows.a_mandate(user=representative, organisation=organisation, since=begin)
        self.administrator = person(representative)
        self.contract = await rows.a_contract(organisation, published_at=begin)
        self.group = await rows.a_group(organisation, "Ploeg Noord")
        await rows.a_theme_level(self.group, "INVOICING", DocumentLevel.SEND, valid_from=begin)
        await rows.a_reference_level(self.group, "CONTRACT", ReferenceLevel.WRITE, valid_from=begin)
        self.link = await rows.a_link(self.contract, self.group, linked_at=begin)
        self.fixed, self.specific = [await rows.a_work_relation(organisation=organisation) for _ in range(2)]
        for relation, link in ((self.fixed, None), (self.specific, self.link)):
            await rows.a_right(relation, Role.USER, granted_at=begin)
            await rows.a_membership(self.group, relation, link, since=begin)
        return self

    async def access(self, relation: WorkRelation, ago: timedelta | None) -> dict[str, Any]:
        """Somebody's access so long ago, or now: the three fields that return it must agree."""
        day = None if ago is None else (await rows.today() - ago).isoformat()
        ids = {
            "contract": global_id("Contract", self.contract.id),
            "user": global_id("User", relation.user_id),
            "organisation": global_id("Organisation", self.contract.organisation_id),
        }
        data = await read(self.administrator, ACCESS_ON_DAY, **ids, day=day)
        nodes = [edge["node"] for edge in data["contract"]["access"]["edges"]]
        of_contract = [node for node in nodes if node.pop("user") == {"id": ids["user"]}]
        of_user = [edge["node"] for edge in data["user"]["contractAccess"]["edges"]]
        assert all(node.pop("contract") == {"id": ids["contract"]} for node in of_user)
        assert of_contract == of_user
        access_of: dict[str, Any] = data["contract"]["accessOf"]
        assert of_contract == ([access_of] if access_of["reasons"] else [])
        return access_of

    async def change_everything(self) -> None:
        """Renames the group, lowers its levels, removes its member, unlinks and deletes it, and revokes the rights."""
        by = {"actor": self.administrator}
        change = GroupUpdate(
            name="Ploeg Zuid",
            theme_levels=[("INVOICING", DocumentLevel.READ)],
            reference_levels=[("CONTRACT", ReferenceLevel.READ)],
        )
        await update_group(**by, group_id=self.group.id, version=1, update=change)
        await remove_group_member(**by, group_id=self.group.id, user_id=self.fixed.user_id)
        await set_contract_groups(**by, contract_id=self.contract.id, version=1, group_ids=[])
        await delete_group(**by, group_id=self.group.id, version=3)
        for relation in (self.fixed, self.specific):
            right = await AccessRight.get(work_relation_id=relation.id)
            await revoke_access_right(**by, right_id=right.id, version=1, reason="Andere functie")


@pytest.fixture
async def office() -> Office:
    return await Office().prepare()


def access_by_group(kind: str, name: str, *, active: bool) -> dict[str, Any]:
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


NO_ACCESS = {"referenceLevel": None, "themeLevels": [{"theme": {"code": "INVOICING"}, "level": "NONE"}], "reasons": []}


async def test_later_changes_do_not_affect_a_past_day(office: Office):
    people = {"FIXED": office.fixed, "CONTRACT_SPECIFIC": office.specific}
    for kind, relation in people.items():
        expected = access_by_group(kind, "Ploeg Noord", active=True)
        assert [await office.access(relation, ago) for ago in (None, DAYS_AGO)] == [expected, expected]

    await office.change_everything()

    for kind, relation in people.items():
        # The group has its present name: it is the same group.
        assert await office.access(relation, DAYS_AGO) == access_by_group(kind, "Ploeg Zuid", active=False)
        assert await office.access(relation, None) == NO_ACCESS
        assert await office.access(relation, SINCE_BEGIN + timedelta(days=1)) == NO_ACCESS


async def test_on_the_day_of_a_change_the_access_before_it_counts(office: Office):
    await office.change_everything()
    access = await office.access(office.fixed, timedelta())
    assert access["themeLevels"] == [{"theme": {"code": "INVOICING"}, "level": "SEND"}]
    assert len(access["reasons"]) == 1


async def test_the_level_on_the_own_reference_is_that_of_the_type_of_the_day(office: Office):
    authority = await office.contract.contracting_authority
    correction = ContractCorrection(type_code="EXTENDABLE_CONTRACT")

    await correct_contract(actor=machine(authority), contract_id=office.contract.id, correction=correction)

    days = {"now": None, "today": timedelta(), "then": DAYS_AGO}
    accesses = {day: await office.access(office.fixed, ago) for day, ago in days.items()}
    levels = {
        day: (access["referenceLevel"], access["reasons"][0]["referenceLevel"]) for day, access in accesses.items()
    }
    assert levels == {"now": ("READ", "READ"), "today": ("WRITE", "WRITE"), "then": ("WRITE", "WRITE")}


async def test_a_level_counts_only_while_the_contract_is_of_its_type(office: Office):
    corrected_at, hour = await rows.now() - DAYS_AGO, timedelta(hours=1)
    await execute_as_owner("delete from group_reference_level")
    await rows.a_former_type(office.contract, "EXTENDABLE_CONTRACT", valid_to=corrected_at)
    # Until an hour before the contract became a CONTRACT, the group gave WRITE on those.
    await rows.a_reference_level(
        office.group, "CONTRACT", ReferenceLevel.WRITE, valid_from=corrected_at - 2 * hour, valid_to=corrected_at - hour
    )

    assert (await office.access(office.fixed, DAYS_AGO))["referenceLevel"] == "READ"


async def test_access_on_a_future_day_follows_from_the_present(office: Office):
    await execute_as_owner("update work_relation_period set valid_until = brussels_today() + 10")
    assert (await office.access(office.fixed, timedelta(days=-10)))["reasons"]
    assert await office.access(office.fixed, timedelta(days=-11)) == NO_ACCESS
