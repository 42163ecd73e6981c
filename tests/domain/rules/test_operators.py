"""Operations that only an operator may perform."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from domain.actor import NOBODY, SYSTEM, Actor
from domain.models import Role
from domain.refusals import Forbidden
from domain.rules.delivery_retry import retry_as_operator
from domain.rules.key_rotation import rotate_keys
from domain.rules.machine_client import add_machine_client, end_machine_client
from domain.rules.person_correction import merge_people, renumber_person
from domain.rules.person_erasure import erase_person
from domain.rules.theme_visibility import set_theme_visibility
from domain.rules.trusted_document import forget_documents, register_documents
from tests import rows
from tests.refusals import assert_refused

pytestmark = pytest.mark.usefixtures("registers")

Rule = Callable[[Actor], Coroutine[Any, Any, Any]]
RULES: dict[str, Rule] = {
    "retry": lambda actor: retry_as_operator(actor=actor, delivery_id=1),
    "rotate": lambda actor: rotate_keys(actor=actor),
    "add": lambda actor: add_machine_client(actor=actor, enterprise_number="0123456749", client_id="x", name="x"),
    "end": lambda actor: end_machine_client(actor=actor, client_id="x", reason="x"),
    "renumber": lambda actor: renumber_person(actor=actor, old_number="x", new_number="x", reason="x"),
    "merge": lambda actor: merge_people(actor=actor, old_number="x", new_number="x", reason="x"),
    "erase": lambda actor: erase_person(actor=actor, number="x", reason="x"),
    "show": lambda actor: set_theme_visibility(actor=actor, code="EXECUTION", visible=True),
    "register": lambda actor: register_documents(actor=actor, documents={"x": "{ viewer { user { id } } }"}),
    "forget": lambda actor: forget_documents(actor=actor, digests=["x"]),
}


@pytest.mark.parametrize("name", RULES)
async def test_others_may_not_use_the_operations_of_an_operator(name: str):
    administrator = await rows.a_person_with_right(None, Role.ADMINISTRATOR)
    machine = await rows.a_machine_client()
    for actor in (
        Actor(user_id=administrator.user_id),
        Actor(authority_id=machine.organisation_id, name=machine.name),
        SYSTEM,
        NOBODY,
    ):
        async with assert_refused(Forbidden):
            await RULES[name](actor)
