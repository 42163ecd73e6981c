"""What is kept of documents is bounded, however many come."""

import gc
import sys

import pytest

from gql.context import Context
from gql.known_operations import MOST
from gql.reading.cache import DOCUMENTS
from gql.schema import KNOWN_DOCUMENTS, schema
from tests import rows
from tests.gql.asking import REQUEST_ID, person

pytestmark = pytest.mark.usefixtures("database", "engaged")
MANY = max(MOST, DOCUMENTS, KNOWN_DOCUMENTS) + 44
OF_ONE = 10
"""Objects that may be left of a document when as many others have come since; one that is kept has many times that."""


async def ask_all(user_id: int, first: int) -> int:
    """Asks documents that differ, each so often that it is compiled and familiar; gives the objects in use after."""
    for number in range(first, first + MANY):
        for _ in range(3):
            context = Context(actor=person(user_id), language="nl", request_id=REQUEST_ID)
            document = f"query Number{number} {{ viewer {{ user {{ a{number}: givenName }} }} }}"
            assert (await schema.execute(document, context_value=context)).errors is None
    gc.collect()
    return sys.getallocatedblocks()


async def test_documents_that_differ_leave_nothing_behind():
    user = await rows.a_user()
    before = await ask_all(user.id, 0)

    after = await ask_all(user.id, MANY)

    assert after - before < MANY * OF_ONE
