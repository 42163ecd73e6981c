"""`econtracting audit verify` and `heads`: whatever is done to the log shows."""

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


async def act(organisation: Organisation, action: AuditAction = AuditAction.ORGANISATION_UPDATED) -> None:
    async with actor_transaction(OPERATOR) as doing:
        await doing.record(action, organisation, organisation.id, after={"name": "Werf"})


async def act_and_be_refused(organisation: Organisation) -> None:
    async with actor_transaction(OPERATOR) as doing:
        await doing.record(AuditAction.ORGANISATION_UPDATED, organisation, organisation.id)
        raise NotFound


@pytest.fixture
async def organisation() -> Organisation:
    """One with five entries in the log."""
    made = await rows.an_organisation()
    for _ in range(5):
        await act(made)
    return made


async def behind_the_programs_back(statement: str) -> None:
    """As somebody who owns the database, and has switched off what it refuses."""
    await execute_as_owner(f"set session_replication_role = replica; {statement}")


async def entry(place: int) -> int:
    [link] = await AuditLink.all().order_by("position").offset(place - 1).limit(1)
    return int(link.entry_id)


async def test_an_untouched_log_fits(organisation: Organisation):
    assert organisation
    result = await econtracting("audit", "verify")

    assert (result.status, result.stdout, result.stderr) == (0, "Every entry fits its chain.\n", "")


@pytest.mark.parametrize(
    ("done_to_it", "output"),
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
async def test_what_was_done_to_the_log_shows(organisation: Organisation, done_to_it: str, output: str):
    assert organisation
    third, fourth = await entry(3), await entry(4)

    await behind_the_programs_back(done_to_it.format(third))
    result = await econtracting("audit", "verify")

    assert (result.status, result.stderr.splitlines()) == (1, [output.format(third, fourth)])


async def test_a_chain_that_was_rewritten_wholly_is_found_out_by_a_copied_head(
    organisation: Organisation, tmp_path: Path
):
    output = await econtracting("audit", "heads")
    copy = tmp_path / "heads"
    copy.write_text(output.stdout)
    fine = await econtracting("audit", "verify", "--heads", str(copy))
    await behind_the_programs_back(
        """delete from audit_link; update audit_entry set reason = 'x' where id = (select min(id) from audit_entry);
        set session_replication_role = origin;
        do $$ declare e audit_entry; begin
          for e in select * from audit_entry order by id loop perform link_audit_entry(e); end loop; end $$"""
    )

    alone, beside_the_copy = (
        await econtracting("audit", "verify"),
        await econtracting("audit", "verify", "--heads", str(copy)),
    )

    number = organisation.enterprise_number
    assert json.loads(output.stdout)["enterprise_number"] == number
    assert (fine.status, alone.status, beside_the_copy.status) == (0, 0, 1)
    assert beside_the_copy.stderr == f"The chain of {number} has another link 5 than the copy: it was rewritten.\n"


async def test_acts_that_are_committed_at_once_make_one_chain(organisation: Organisation):
    other = await rows.an_organisation()
    await asyncio.gather(*(act(each) for _ in range(10) for each in (organisation, other)))

    result = await econtracting("audit", "verify")

    assert result.status == 0
    links = await AuditLink.filter(organisation_id=other.id).order_by("position")
    assert [link.position for link in links] == list(range(1, 11))


async def test_an_act_that_is_undone_leaves_no_link(organisation: Organisation):
    with pytest.raises(NotFound):
        await act_and_be_refused(organisation)

    assert await AuditLink.all().count() == 5


@pytest.mark.parametrize(
    "change", ["update audit_link set position = 1", "delete from audit_link", "truncate audit_link"]
)
async def test_the_chain_itself_only_grows(organisation: Organisation, change: str):
    assert organisation
    with pytest.raises(Exception, match="rows of audit_link are only ever added"):
        await execute_as_owner(change)
