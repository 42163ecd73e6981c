"""Which versions a change moves: whoever edits something else is not to be told that it is stale (domain 4)."""

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


async def moved(team: Team) -> set[str]:
    """Of what the version has moved since everything was made."""
    kept: Iterable[Organisation | Group | Contract | GroupLink] = (
        team.cast.organisation,
        team.group,
        team.contract,
        team.link,
    )
    return {type(one).__name__ for one in kept if (await type(one).get(id=one.id)).version > 1}


async def test_a_groups_version_moves_with_its_own_fields_and_fixed_members(team: Team):
    await team.update(theme_levels=[("INVOICING", DocumentLevel.DRAFT)])
    assert await moved(team) == {"Group"}


async def test_a_member_that_is_taken_out_moves_that_of_the_group(team: Team):
    admin, member = team.cast.actors["admin"], team.member.user_id
    await remove_group_member(actor=admin, group_id=team.group.id, user_id=member)
    assert await moved(team) == {"Group"}


async def test_a_contracts_version_moves_with_its_data_and_links(team: Team):
    admin, key = team.cast.actors["admin"], team.contract.id
    await update_contract(actor=admin, contract_id=key, version=1, update=ContractUpdate(email="werf@b.example"))
    assert await moved(team) == {"Contract"}
    other = await rows.a_group(team.cast.organisation)
    changed = await set_contract_groups(actor=admin, contract_id=key, version=2, group_ids=[team.group.id, other.id])
    assert (changed.contract.version, await moved(team)) == (3, {"Contract"})


async def test_a_links_version_moves_with_its_specific_members(team: Team):
    extra = await rows.a_person_with_right(team.cast.organisation)
    await set_contract_specific_members(
        actor=team.cast.actors["admin"], group_link_id=team.link.id, version=1, user_ids=[extra.user_id]
    )
    assert await moved(team) == {"GroupLink"}


async def test_an_organisations_version_moves_with_its_address(team: Team):
    await set_organisation_email(
        actor=team.cast.actors["admin"],
        organisation_id=team.cast.organisation.id,
        version=1,
        email="info@aannemer.example",
    )
    assert await moved(team) == {"Organisation"}


async def test_deliveries_move_none(team: Team):
    system = replace(team.cast.actors["machine"], authority_id=team.contract.contracting_authority_id)
    delivered = DeliveredDocument("D1", "INVOICING", "Vorderingsstaat")
    document, _ = await deliver_document(actor=system, contract_id=team.contract.id, delivered=delivered)
    said = DeliveredMessage("M1", document.id, "Aanvang", "De werken vangen aan.")
    await deliver_message(actor=system, contract_id=team.contract.id, delivered=said)
    assert await moved(team) == set()
