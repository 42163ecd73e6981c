"""What an authority's system corrects of a contract: what it leaves out stays, and nothing can be emptied."""

from typing import Any

import pytest

from domain.models import Contract
from gql.reading.ids import global_id
from tests import rows
from tests.gql.execution import machine, read
from tests.table_contents import unchanged

pytestmark = pytest.mark.usefixtures("database")

CORRECT = """mutation($input: CorrectContractInput!) { correctContract(input: $input) {
  contract { number title type { code } } errors { code path } } }"""


async def corrected(contract: Contract, **given: Any) -> Any:
    await contract.fetch_related("contracting_authority")
    asked = {"id": global_id("Contract", contract.id), **given}
    return (await read(machine(contract.contracting_authority), CORRECT, input=asked))["correctContract"]


async def test_what_is_left_out_stays():
    contract = await rows.a_contract(await rows.an_organisation(), title="N44 Aalter")

    answer = await corrected(contract, title="N44 Maldegem")

    assert answer == {
        "contract": {"number": contract.number, "title": "N44 Maldegem", "type": {"code": "CONTRACT"}},
        "errors": [],
    }


async def test_what_is_null_is_refused_all_of_it_at_once_and_changes_nothing():
    contract = await rows.a_contract(await rows.an_organisation(), title="N44 Aalter")

    async with unchanged():
        answer = await corrected(contract, number=None, title="N44 Maldegem", typeCode=None)

    assert answer == {
        "contract": None,
        "errors": [{"code": "REQUIRED", "path": ["number"]}, {"code": "REQUIRED", "path": ["typeCode"]}],
    }
