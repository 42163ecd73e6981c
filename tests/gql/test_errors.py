"""Top-level errors: what a client can mend is said, what is ours is hidden behind the request's id."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from domain.actor import NOBODY
from domain.models import Group, Organisation, Role
from gql.reading.ids import global_id
from gql.roots import QueryResolver, RootField
from gql.schema import schema
from logs import configure_logging
from tests import rows
from tests.gql.execution import REQUEST_ID, execute_operation, person, read
from tests.owner import as_owner

pytestmark = pytest.mark.usefixtures("database")
SECRET = "geheim@werken.example"  # noqa: S105  # an address that no answer and no log may repeat


@pytest.fixture
def logged() -> Iterator[Any]:
    """What was logged so far, one line an entry."""
    before, lines = (logging.root.handlers[:], logging.root.level), StringIO()
    configure_logging(lines)
    # A logger that keeps its output would go on writing into this test's lines.
    structlog.configure(cache_logger_on_first_use=False)
    yield lambda: [json.loads(line) for line in lines.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.root.handlers, level = before
    logging.root.setLevel(level)


async def test_nobody_reads_who_asks_and_what_could_be_asked():
    data = await read(
        NOBODY, '{ viewer { user { id } } __schema { queryType { name } } __type(name: "Group") { name } }'
    )

    assert data == {"viewer": None, "__schema": {"queryType": {"name": "Query"}}, "__type": {"name": "Group"}}


def test_everything_else_is_for_those_who_are_signed_in():
    query = schema.schema_converter.type_map["Query"].definition.fields  # type: ignore[union-attr]  # a type's
    resolvers = {field.python_name: field.root_resolver for field in query if isinstance(field, RootField)}

    assert all(isinstance(resolver, QueryResolver) for resolver in resolvers.values())
    assert [name for name, resolver in resolvers.items() if getattr(resolver, "for_anyone", False)] == ["viewer"]


@pytest.mark.parametrize(
    "document",
    [
        "{ themes { id } }",
        "{ contractTypes { id } }",
        '{ node(id: "rubbish") { id } }',
        "{ nodes(ids: []) { id } }",
        '{ organisation(enterpriseNumber: "0123.456.749") { id } }',
        'mutation { setOrganisationEmail(input: {id: "x", version: 1}) { errors { code } } }',
        'mutation { setContractGroups(input: {contractId: "x", version: 1, groupIds: []}) { errors { code } } }',
    ],
)
async def test_nobody_is_asked_to_sign_in(document: str):
    answer = await execute_operation(NOBODY, document)

    assert answer.codes == ["UNAUTHENTICATED"]
    assert answer.errors[0]["message"].startswith("Sign in first")
    assert answer.errors[0]["extensions"]["requestId"] == REQUEST_ID
    assert answer.statements == []


async def test_fields_for_anyone_are_answered_beside_the_refused_one():
    answer = await execute_operation(NOBODY, '{ viewer { user { id } } node(id: "x") { id } }')

    assert (answer.data, answer.codes) == ({"viewer": None, "node": None}, ["UNAUTHENTICATED"])


@pytest.mark.parametrize("given", ["rubbish", "", "85.07.30-033.28", "0123.456.748", "0" * 5000, "\0", "\ud800"])
async def test_what_is_no_enterprise_number_is_bad_input_and_not_repeated(given: str):
    document = "query($number: EnterpriseNumber!) { organisation(enterpriseNumber: $number) { id } }"

    answer = await execute_operation(person(await rows.a_user()), document, number=given)

    assert (answer.data, answer.codes) == ({"organisation": None}, ["BAD_INPUT"])
    assert not given or given not in json.dumps(answer.errors, ensure_ascii=False)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("123", "it must have ten digits, the first of them 0 or 1"),
        ("0123.456.748", "its last two digits don't fit the first eight"),
    ],
)
async def test_what_is_wrong_with_an_enterprise_number_is_said_in_words(given: str, wrong: str):
    document = "query($number: EnterpriseNumber!) { organisation(enterpriseNumber: $number) { id } }"

    answer = await execute_operation(person(await rows.a_user()), document, number=given)

    [error] = answer.errors
    assert error["message"] == f"`enterpriseNumber` is no enterprise number such as 0123.456.749: {wrong}."


@pytest.mark.parametrize(
    "document", ["{ themes { colour } }", "{ themes {", "{ node { id } }", "query($a: Int!) { themes { id } }", "#"]
)
async def test_what_is_malformed_is_bad_input(document: str):
    answer = await execute_operation(person(await rows.a_user()), document)

    assert answer.codes == ["BAD_INPUT"] * len(answer.codes) != []


async def test_a_fault_of_ours_is_an_id_and_nothing_more(logged: Any):
    """A number that was sealed with another key: what stands in the row can't be read."""
    user = await rows.a_user(national_number_sealed=SECRET.encode())

    answer = await execute_operation(person(user), "{ viewer { user { givenName maskedNationalNumber } } }")

    assert answer.data == {"viewer": {"user": {"givenName": "An", "maskedNationalNumber": None}}}
    [error] = answer.errors
    assert error["extensions"] == {"code": "INTERNAL", "requestId": REQUEST_ID}
    assert error["path"] == ["viewer", "user", "maskedNationalNumber"]
    assert error["message"] == "Something went wrong on our side. Give the helpdesk the request's id."
    [line] = logged()
    assert (line["event"], line["request_id"], line["error"]) == ("field_failed", REQUEST_ID, "SealingError")
    assert SECRET not in json.dumps([line, answer.errors])


async def test_a_table_that_is_gone_is_a_fault_of_ours(logged: Any):
    """Its statement, which the database's own error quotes, is told to nobody."""
    user = await rows.a_user()
    await as_owner("alter table theme rename column name_en to name_gone")

    answer = await execute_operation(person(user), "{ contractTypes { code } themes { code name } }")

    assert answer.codes == ["INTERNAL"]
    assert "name_gone" not in json.dumps(answer.errors) + json.dumps(logged())


FAILING = f"""create function fail() returns trigger language plpgsql as $$ begin raise exception '{SECRET}'; end $$;
  create trigger failing before update on organisation for each row execute function fail()"""
BOTH = """mutation($group: CreateGroupInput!, $email: SetOrganisationEmailInput!) {
  before: createGroup(input: $group) { group { name } errors { code } }
  setOrganisationEmail(input: $email) { organisation { id } errors { code refusal message path } }
  after: createGroup(input: $group) { group { name } errors { code refusal } } }"""


async def test_one_mutation_that_fails_leaves_the_answers_of_the_others(logged: Any):
    organisation = await rows.an_organisation()
    asker = person((await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)).user_id)
    key = global_id("Organisation", organisation.id)
    await as_owner(FAILING)

    answer = await execute_operation(
        asker,
        BOTH,
        group={"organisationId": key, "name": "Werf", "description": "Werf", "themeLevels": []},
        email={"id": key, "version": 1, "email": SECRET},
    )

    assert answer.errors == []
    assert answer.data["before"] == {"group": {"name": "Werf"}, "errors": []}
    failed = answer.data["setOrganisationEmail"]
    assert (failed["organisation"], [error["code"] for error in failed["errors"]]) == (None, ["UNAVAILABLE"])
    assert (failed["errors"][0]["refusal"], failed["errors"][0]["path"]) == ("UNEXPECTED", None)
    assert REQUEST_ID in failed["errors"][0]["message"]
    assert answer.data["after"] == {"group": None, "errors": [{"code": "TAKEN", "refusal": "GROUP_NAME_TAKEN"}]}
    assert [await Group.all().count(), (await Organisation.get(id=organisation.id)).email] == [1, None]
    [line] = logged()
    assert (line["event"], line["request_id"], line["actor"]) == ("mutation_failed", REQUEST_ID, asker.user_id)
    assert SECRET not in json.dumps([line, answer.data])
