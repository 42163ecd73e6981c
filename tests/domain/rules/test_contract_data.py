"""Own reference and e-mail address of a contract (manual 3.1 c and 4.1)."""

from typing import Any

import pytest

from domain.models import AuditEntry, Contract, ReferenceLevel
from domain.refusals import (
    ContractEnded,
    EmailAddressInvalid,
    Forbidden,
    NotFound,
    PersonRequired,
    StaleVersion,
    TextTooLong,
)
from domain.rules.contract_data import ContractUpdate, update_contract
from tests import rows
from tests.access_cast import EVERYONE, Cast
from tests.domain.rules.team import Team, a_team
from tests.refusals import assert_refused
from tests.table_contents import assert_tables_unchanged


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member."""
    return await a_team(cast)


async def update(team: Team, actor: str = "admin", version: int = 1, **change: Any) -> Contract:
    return await update_contract(
        actor=team.cast.actors[actor], contract_id=team.contract.id, version=version, update=ContractUpdate(**change)
    )


async def test_an_administrator_sets_and_empties_reference_and_email(team: Team):
    contract = await update(team, own_reference=" Werf 12 ", email="werf12@aannemer.example")
    assert (contract.own_reference, contract.email, contract.version) == ("Werf 12", "werf12@aannemer.example", 2)

    contract = await update(team, version=2, own_reference=None)
    assert (contract.own_reference, contract.email, contract.version) == (None, "werf12@aannemer.example", 3)
    contract = await update(team, version=3, email=None)
    assert (contract.own_reference, contract.email, contract.version) == (None, None, 4)


async def test_an_update_is_audited_with_before_and_after(team: Team):
    await update(team, "legal", own_reference="Werf 12", email="werf12@aannemer.example")

    entry = await AuditEntry.get(action="CONTRACT_UPDATED")
    assert (entry.actor_id, entry.subject_id) == (team.cast.people["legal"].id, team.contract.id)
    assert entry.before == {"ownReference": None, "email": None}
    assert entry.after == {"ownReference": "Werf 12", "email": "werf12@aannemer.example"}


async def test_an_update_to_the_same_values_changes_nothing(team: Team):
    async with assert_tables_unchanged():
        assert (await update(team, own_reference="  ", email=None)).version == 1


async def test_a_user_needs_write_for_the_type_of_the_contract(team: Team):
    async with assert_refused(Forbidden):
        await update(team, "user", own_reference="Werf 12")
    level = await rows.a_reference_level(team.group, "EXTENDABLE_CONTRACT", ReferenceLevel.WRITE)
    async with assert_refused(Forbidden):
        await update(team, "user", own_reference="Werf 12")
    await level.delete()
    await rows.a_reference_level(team.group, "CONTRACT", ReferenceLevel.WRITE)

    changed = await update(team, "user", own_reference="Werf 12", email="werf12@aannemer.example")
    assert (changed.own_reference, changed.email) == ("Werf 12", "werf12@aannemer.example")


async def test_an_ended_contract_is_read_only(team: Team):
    await Contract.filter(id=team.contract.id).update(ended_at=await rows.now(), end_reason="Opgeleverd")
    async with assert_refused(ContractEnded, "id"):
        await update(team, own_reference="Werf 12")
    async with assert_refused(Forbidden):
        await update(team, "user", own_reference="Werf 12")


async def test_invalid_fields_are_refused(team: Team):
    async with assert_refused(TextTooLong, "ownReference", length=201, maximum=200):
        await update(team, own_reference="x" * 201)
    async with assert_refused(EmailAddressInvalid, "email"):
        await update(team, email="")


async def test_a_stale_version_is_refused_with_the_current_state(team: Team):
    contract = await update(team, own_reference="Werf 12")
    async with assert_refused(StaleVersion, "version", current=contract, version=2, given=1):
        await update(team, own_reference="Werf 13")


@pytest.mark.parametrize("who", [who for who in EVERYONE if who not in {"admin", "legal", "user"}])
async def test_nobody_else_may_update_the_contract(team: Team, who: str):
    if who == "machine":
        await Contract.filter(id=team.contract.id).update(
            contracting_authority_id=team.cast.actors["machine"].authority_id
        )
        async with assert_refused(PersonRequired):
            await update(team, who, own_reference="Werf 12")
    else:
        async with assert_refused(NotFound, "id"):
            await update(team, who, own_reference="Werf 12")
