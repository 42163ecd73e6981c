"""An authority's system corrects a contract: fields that are left out are unchanged, and none can be emptied."""

from typing import Any

import pytest

from domain.models import Contract
from gql.reading.ids import global_id
from tests import rows
from tests.gql.execution import machine, read
from tests.table_contents import assert_tables_unchanged

pytestmark = pytest.mark.usefixtures("database")

CORRECT = """mutation($input: CorrectContractInput!) { correctContract(input: $input) {
  contract { number title type { code } } errors { code path } } }"""


async def correct_contract(contract: Contract, **changes: Any) -> Any:
    """Executes correctContract as the contracting authority, and returns the payload."""
    await contract.fetch_related("contracting_authority")
    mutation_input = {"id": global_id("Contract", contract.id), **changes}
    return (await read(machine(contract.contracting_authority), CORRECT, input=mutation_input))["correctContract"]


async def test_a_field_that_is_left_out_is_unchanged():
    contract = await rows.a_contract(await rows.an_organisation(), title="N44 Aalter")

    payload = await correct_contract(contract, title="N44 Maldegem")

    assert payload == {
        "contract": {"number": contract.number, "title": "N44 Maldegem", "type": {"code": "CONTRACT"}},
        "errors": [],
    }


async def test_every_null_is_refused_at_once_and_changes_nothing():
    contract = await rows.a_contract(await rows.an_organisation(), title="N44 Aalter")

    async with assert_tables_unchanged():
        payload = await correct_contract(contract, number=None, title="N44 Maldegem", typeCode=None)

    assert payload == {
        "contract": None,
        "errors": [{"code": "REQUIRED", "path": ["number"]}, {"code": "REQUIRED", "path": ["typeCode"]}],
    }
