"""`econtracting audit verify` and `heads`: manipulations of the log are detected."""

import asyncio
import json
from pathlib import Path

import pytest

from domain.actor import OPERATOR
from domain.actor_transaction import actor_transaction
from domain.models import AuditAction, AuditLink, Organisation
from domain.refusals import NotFound
from tests import rows
from tests.commands.running import econtracting
from tests.database_roles import execute_as_owner

pytestmark = pytest.mark.usefixtures("database")


async def record_entry(organisation: Organisation, action: AuditAction = AuditAction.ORGANISATION_UPDATED) -> None:
    async with actor_transaction(OPERATOR) as transaction:
        await transaction.record(action, organisation, organisation.id, after={"name": "Werf"})


async def record_entry_and_roll_back(organisation: Organisation) -> None:
    async with actor_transaction(OPERATOR) as transaction:
        await transaction.record(AuditAction.ORGANISATION_UPDATED, organisation, organisation.id)
        raise NotFound


@pytest.fixture
async def organisation() -> Organisation:
    """An organisation with five entries in the log."""
    organisation = await rows.an_organisation()
    for _ in range(5):
        await record_entry(organisation)
    return organisation


async def manipulate(statement: str) -> None:
    """Executes a statement as the owner of the database, with triggers disabled."""
    await execute_as_owner(f"set session_replication_role = replica; {statement}")


async def entry_id_at(position: int) -> int:
    [link] = await AuditLink.all().order_by("position").offset(position - 1).limit(1)
    return int(link.entry_id)


async def test_an_intact_log_is_verified(organisation: Organisation):
    assert organisation
    result = await econtracting("audit", "verify")

    assert (result.status, result.stdout, result.stderr) == (0, "Every entry fits its chain.\n", "")


@pytest.mark.parametrize(
    ("manipulation", "fault"),
    [
        ("update audit_entry set reason = 'x' where id = {0}", "Entry {0} doesn't fit its hash: it was edited."),
        ("update audit_entry set actor_name = 'x' where id = {0}", "Entry {0} doesn't fit its hash: it was edited."),
        (
            "update audit_entry set at = at - interval '1 second' where id = {0}",
            "Entry {0} doesn't fit its hash: it was edited.",
        ),
        ("update audit_entry set after = null where id = {0}", "Entry {0} doesn't fit its hash: it was edited."),
        ("delete from audit_entry where id = {0}", "Entry {0} is missing: it was removed."),
        (
            "delete from audit_link where entry_id = {0}; delete from audit_entry where id = {0}",
            "Before entry {1}, 1 links are missing: they were removed.",
        ),
        (
            "insert into audit_entry (id, action, subject_type, subject_id) values (9000, 'FORGED', 'User', 1)",
            "Entry 9000 has no place in the chain: it was inserted from outside.",
        ),
    ],
)
async def test_a_manipulation_is_reported(organisation: Organisation, manipulation: str, fault: str):
    assert organisation
    third, fourth = await entry_id_at(3), await entry_id_at(4)

    await manipulate(manipulation.format(third))
    result = await econtracting("audit", "verify")

    assert (result.status, result.stderr.splitlines()) == (1, [fault.format(third, fourth)])


async def test_a_chain_that_was_rewritten_completely_is_detected_by_saved_heads(
    organisation: Organisation, tmp_path: Path
):
    heads = await econtracting("audit", "heads")
    saved_heads = tmp_path / "heads"
    saved_heads.write_text(heads.stdout)
    before = await econtracting("audit", "verify", "--heads", str(saved_heads))
    await manipulate(
        """delete from audit_link; update audit_entry set reason = 'x' where id = (select min(id) from audit_entry);
        set session_replication_role = origin;
        do $$ declare e audit_entry; begin
          for e in select * from audit_entry order by id loop perform link_audit_entry(e); end loop; end $$"""
    )

    without_heads, with_heads = (
        await econtracting("audit", "verify"),
        await econtracting("audit", "verify", "--heads", str(saved_heads)),
    )

    number = organisation.enterprise_number
    assert json.loads(heads.stdout)["enterprise_number"] == number
    assert (before.status, without_heads.status, with_heads.status) == (0, 0, 1)
    assert with_heads.stderr == f"The chain of {number} has another link 5 than the copy: it was rewritten.\n"


async def test_concurrent_transactions_make_one_chain_per_organisation(organisation: Organisation):
    other_organisation = await rows.an_organisation()
    await asyncio.gather(*(record_entry(each) for _ in range(10) for each in (organisation, other_organisation)))

    result = await econtracting("audit", "verify")

    assert result.status == 0
    links = await AuditLink.filter(organisation_id=other_organisation.id).order_by("position")
    assert [link.position for link in links] == list(range(1, 11))


async def test_a_transaction_that_is_rolled_back_leaves_no_link(organisation: Organisation):
    with pytest.raises(NotFound):
        await record_entry_and_roll_back(organisation)

    assert await AuditLink.all().count() == 5


@pytest.mark.parametrize(
    "change", ["update audit_link set position = 1", "delete from audit_link", "truncate audit_link"]
)
async def test_the_rows_of_the_chain_can_not_be_changed(organisation: Organisation, change: str):
    assert organisation
    with pytest.raises(Exception, match="rows of audit_link are only ever added"):
        await execute_as_owner(change)
