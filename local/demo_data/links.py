"""Loads the links of groups to contracts, current and ended, and the contract-specific members."""

from typing import Final, NamedTuple

from domain.models import Contract, GroupLink, Membership, MembershipKind
from local.demo_data.contract_row import ContractRow
from local.demo_data.contracts import CONTRACTS
from local.demo_data.demo_rows import DemoRows
from local.demo_data.group_table import DREDGING, JOINT_SITES, NORTH, SITES, SOUTH, STUDIES
from local.demo_data.groups import ADMINISTRATORS, GROUPS_CREATED


class _EndedLinkRow(NamedTuple):
    contract: str
    group: str
    linked: int
    ended: int


class _ContractMemberRow(NamedTuple):
    contract: str
    group: str
    person: str
    since: int
    until: int | None = None


_ENDED_LINKS: Final = (
    _EndedLinkRow("AWV/0077", STUDIES, 345, 210),
    _EndedLinkRow("AWV/0131", STUDIES, 270, 210),
    _EndedLinkRow("AWV/0169", SITES, 240, 120),
)
_CONTRACT_MEMBERS: Final = (
    _ContractMemberRow("AWV/0371", NORTH, "specific", 65),
    _ContractMemberRow("AWV/0395", SOUTH, "Wim Dewulf", 50),
    _ContractMemberRow("AWV/0088", SITES, "Dirk Mertens", 230, until=90),
    _ContractMemberRow("DVW/0118", DREDGING, "Tine Pauwels", 28),
    _ContractMemberRow("AWV/0362", JOINT_SITES, "Evi Roels", 70),
)


async def load_links(demo: DemoRows) -> None:
    """Creates the current and the ended links, then the contract-specific members."""
    contract_rows = {row.key: row for row in CONTRACTS}
    for row in CONTRACTS:
        linked = min(row.published - 2, GROUPS_CREATED - 1)
        for group in row.groups:
            demo.links[row.key, group] = await _create_link(demo, row, group, linked)
        changes = bool(row.groups) + any(link.contract == row.key for link in _ENDED_LINKS)
        await Contract.filter(id=demo.contracts[row.key].id).update(version=1 + changes)
    for link in _ENDED_LINKS:
        await _create_link(demo, contract_rows[link.contract], link.group, link.linked, link.ended)
    for member in _CONTRACT_MEMBERS:
        await _add_contract_member(demo, member, contract_rows[member.contract].organisation)


async def _create_link(
    demo: DemoRows, row: ContractRow, group: str, linked: int, ended: int | None = None
) -> GroupLink:
    contract = demo.contracts[row.key]
    administrator = demo.people[ADMINISTRATORS[row.organisation]]
    return await GroupLink.create(
        organisation_id=contract.organisation_id,
        contract=contract,
        group=demo.groups[row.organisation, group],
        linked_at=demo.calendar.moment(linked, "08:50"),
        linked_by=administrator,
        ended_at=demo.calendar.optional_moment(ended, "15:45"),
        ended_by=administrator if ended is not None else None,
    )


async def _add_contract_member(demo: DemoRows, row: _ContractMemberRow, organisation: str) -> None:
    link = demo.links[row.contract, row.group]
    work_relation = demo.work_relations[organisation, row.person]
    administrator = demo.people[ADMINISTRATORS[organisation]]
    await Membership.create(
        kind=MembershipKind.CONTRACT_SPECIFIC,
        organisation_id=link.organisation_id,
        group_id=link.group_id,
        user_id=work_relation.user_id,
        work_relation=work_relation,
        group_link=link,
        contract_id=link.contract_id,
        since=demo.calendar.moment(row.since, "09:30"),
        added_by=administrator,
        ended_at=demo.calendar.optional_moment(row.until, "09:30"),
        ended_by=administrator if row.until is not None else None,
    )
    await GroupLink.filter(id=link.id).update(version=2)
