"""Which versions a change raises: an edit of something else must not become stale by it (domain 4)."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from domain.models import Contract, DocumentLevel, Group, GroupLink, Organisation
from domain.rules.contract_data import ContractUpdate, update_contract
from domain.rules.contract_groups import set_contract_groups
from domain.rules.contract_specific_members import set_contract_specific_members
from domain.rules.document import DeliveredDocument, deliver_document
from domain.rules.group_members import remove_group_member
from domain.rules.message import DeliveredMessage, deliver_message
from domain.rules.organisation import set_organisation_email
from tests import rows
from tests.access_cast import Cast
from tests.domain.rules.team import Team, a_team


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member."""
    return await a_team(cast)


async def raised_versions(team: Team) -> set[str]:
    """The types of the rows whose version was raised since they were created."""
    versioned: Iterable[Organisation | Group | Contract | GroupLink] = (
        team.cast.organisation,
        team.group,
        team.contract,
        team.link,
    )
    return {type(row).__name__ for row in versioned if (await type(row).get(id=row.id)).version > 1}


async def test_an_update_of_a_group_raises_its_version(team: Team):
    await team.update(theme_levels=[("INVOICING", DocumentLevel.DRAFT)])
    assert await raised_versions(team) == {"Group"}


async def test_removing_a_member_raises_the_version_of_the_group(team: Team):
    admin, member = team.cast.actors["admin"], team.member.user_id
    await remove_group_member(actor=admin, group_id=team.group.id, user_id=member)
    assert await raised_versions(team) == {"Group"}


async def test_data_and_links_raise_the_version_of_the_contract(team: Team):
    admin, key = team.cast.actors["admin"], team.contract.id
    await update_contract(actor=admin, contract_id=key, version=1, update=ContractUpdate(email="werf@b.example"))
    assert await raised_versions(team) == {"Contract"}
    other_group = await rows.a_group(team.cast.organisation)
    changed = await set_contract_groups(
        actor=admin, contract_id=key, version=2, group_ids=[team.group.id, other_group.id]
    )
    assert (changed.contract.version, await raised_versions(team)) == (3, {"Contract"})


async def test_specific_members_raise_the_version_of_the_link(team: Team):
    new_member = await rows.a_person_with_right(team.cast.organisation)
    await set_contract_specific_members(
        actor=team.cast.actors["admin"], group_link_id=team.link.id, version=1, user_ids=[new_member.user_id]
    )
    assert await raised_versions(team) == {"GroupLink"}


async def test_the_email_raises_the_version_of_the_organisation(team: Team):
    await set_organisation_email(
        actor=team.cast.actors["admin"],
        organisation_id=team.cast.organisation.id,
        version=1,
        email="info@aannemer.example",
    )
    assert await raised_versions(team) == {"Organisation"}


async def test_deliveries_raise_no_version(team: Team):
    system = replace(team.cast.actors["machine"], authority_id=team.contract.contracting_authority_id)
    delivered = DeliveredDocument("D1", "INVOICING", "Vorderingsstaat")
    document, _ = await deliver_document(actor=system, contract_id=team.contract.id, delivered=delivered)
    message = DeliveredMessage("M1", document.id, "Aanvang", "De werken vangen aan.")
    await deliver_message(actor=system, contract_id=team.contract.id, delivered=message)
    assert await raised_versions(team) == set()
