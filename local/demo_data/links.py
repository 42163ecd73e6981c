"""Which groups are and were linked to which contracts, and who joined for one contract only."""

from typing import Final, NamedTuple

from domain.models import Contract, GroupLink, Membership, MembershipKind
from local.demo_data.contracts import CONTRACTS
from local.demo_data.groups import ADMINISTRATORS, FORMED
from local.demo_data.loaded import Loaded
from local.demo_data.team_table import DREDGING, JOINT_SITES, NORTH, SITES, SOUTH, STUDIES
from local.demo_data.works import Works


class _Former(NamedTuple):
    contract: str
    group: str
    linked: int
    ended: int


class _Specific(NamedTuple):
    contract: str
    group: str
    person: str
    since: int
    until: int | None = None


_FORMER: Final = (
    _Former("AWV/0077", STUDIES, 345, 210),
    _Former("AWV/0131", STUDIES, 270, 210),
    _Former("AWV/0169", SITES, 240, 120),
)
_SPECIFIC: Final = (
    _Specific("AWV/0371", NORTH, "specific", 65),
    _Specific("AWV/0395", SOUTH, "Wim Dewulf", 50),
    _Specific("AWV/0088", SITES, "Dirk Mertens", 230, until=90),
    _Specific("DVW/0118", DREDGING, "Tine Pauwels", 28),
    _Specific("AWV/0362", JOINT_SITES, "Evi Roels", 70),
)


async def load_links(loaded: Loaded) -> None:
    """Makes the links that stand and those that ended, then the contract-specific members."""
    for works in CONTRACTS:
        linked = min(works.published - 2, FORMED - 1)
        for group in works.groups:
            loaded.links[works.key, group] = await _link(loaded, works, group, linked)
        changes = bool(works.groups) + any(former.contract == works.key for former in _FORMER)
        await Contract.filter(id=loaded.contracts[works.key].id).update(version=1 + changes)
    by_key = {works.key: works for works in CONTRACTS}
    for former in _FORMER:
        await _link(loaded, by_key[former.contract], former.group, former.linked, former.ended)
    for specific in _SPECIFIC:
        await _join(loaded, by_key[specific.contract], specific)


async def _link(loaded: Loaded, works: Works, group: str, linked: int, ended: int | None = None) -> GroupLink:
    contract = loaded.contracts[works.key]
    administrator = loaded.people[ADMINISTRATORS[works.organisation]]
    return await GroupLink.create(
        organisation_id=contract.organisation_id,
        contract=contract,
        group=loaded.groups[works.organisation, group],
        linked_at=loaded.calendar.moment(linked, "08:50"),
        linked_by=administrator,
        ended_at=loaded.calendar.moment(ended, "15:45") if ended is not None else None,
        ended_by=administrator if ended is not None else None,
    )


async def _join(loaded: Loaded, works: Works, specific: _Specific) -> None:
    link = loaded.links[specific.contract, specific.group]
    work_relation = loaded.work_relations[works.organisation, specific.person]
    administrator = loaded.people[ADMINISTRATORS[works.organisation]]
    ended = specific.until is not None
    await Membership.create(
        kind=MembershipKind.CONTRACT_SPECIFIC,
        organisation_id=link.organisation_id,
        group_id=link.group_id,
        user_id=work_relation.user_id,
        work_relation=work_relation,
        group_link=link,
        contract_id=link.contract_id,
        since=loaded.calendar.moment(specific.since, "09:30"),
        added_by=administrator,
        ended_at=loaded.calendar.moment(specific.until, "09:30") if specific.until is not None else None,
        ended_by=administrator if ended else None,
    )
    await GroupLink.filter(id=link.id).update(version=2)
