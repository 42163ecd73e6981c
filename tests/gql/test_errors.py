"""Top-level errors: mistakes of the client are explained, internal errors are hidden behind the request's id."""

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
from tests.database_roles import execute_as_owner
from tests.gql.execution import REQUEST_ID, execute_operation, person, read

pytestmark = pytest.mark.usefixtures("database")
SECRET = "geheim@werken.example"  # noqa: S105  # an address that no response and no log may repeat


@pytest.fixture
def log_entries() -> Iterator[Any]:
    """Returns the entries that were logged so far."""
    before, lines = (logging.root.handlers[:], logging.root.level), StringIO()
    configure_logging(lines)
    # A cached logger would still write to this output after the test.
    structlog.configure(cache_logger_on_first_use=False)
    yield lambda: [json.loads(line) for line in lines.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.root.handlers, level = before
    logging.root.setLevel(level)


async def test_an_anonymous_viewer_reads_the_schema_and_no_viewer():
    data = await read(
        NOBODY, '{ viewer { user { id } } __schema { queryType { name } } __type(name: "Group") { name } }'
    )

    assert data == {"viewer": None, "__schema": {"queryType": {"name": "Query"}}, "__type": {"name": "Group"}}


def test_all_other_root_fields_require_a_signed_in_viewer():
    query = schema.schema_converter.type_map["Query"].definition.fields  # type: ignore[union-attr]  # an object type
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
async def test_an_anonymous_viewer_is_told_to_sign_in(document: str):
    result = await execute_operation(NOBODY, document)

    assert result.codes == ["UNAUTHENTICATED"]
    assert result.errors[0]["message"].startswith("Sign in first")
    assert result.errors[0]["extensions"]["requestId"] == REQUEST_ID
    assert result.statements == []


async def test_fields_for_anyone_are_resolved_beside_a_refused_one():
    result = await execute_operation(NOBODY, '{ viewer { user { id } } node(id: "x") { id } }')

    assert (result.data, result.codes) == ({"viewer": None, "node": None}, ["UNAUTHENTICATED"])


@pytest.mark.parametrize("number", ["rubbish", "", "85.07.30-033.28", "0123.456.748", "0" * 5000, "\0", "\ud800"])
async def test_an_invalid_enterprise_number_is_bad_input_and_not_repeated(number: str):
    document = "query($number: EnterpriseNumber!) { organisation(enterpriseNumber: $number) { id } }"

    result = await execute_operation(person(await rows.a_user()), document, number=number)

    assert (result.data, result.codes) == ({"organisation": None}, ["BAD_INPUT"])
    assert not number or number not in json.dumps(result.errors, ensure_ascii=False)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("123", "it must have ten digits, the first of them 0 or 1"),
        ("0123.456.748", "its last two digits don't fit the first eight"),
    ],
)
async def test_the_error_says_what_is_wrong_with_an_enterprise_number(number: str, problem: str):
    document = "query($number: EnterpriseNumber!) { organisation(enterpriseNumber: $number) { id } }"

    result = await execute_operation(person(await rows.a_user()), document, number=number)

    [error] = result.errors
    assert error["message"] == f"`enterpriseNumber` is no enterprise number such as 0123.456.749: {problem}."


@pytest.mark.parametrize(
    "document", ["{ themes { colour } }", "{ themes {", "{ node { id } }", "query($a: Int!) { themes { id } }", "#"]
)
async def test_an_invalid_document_is_bad_input(document: str):
    result = await execute_operation(person(await rows.a_user()), document)

    assert result.codes == ["BAD_INPUT"] * len(result.codes) != []


async def test_an_internal_error_of_a_field_is_hidden_and_logged(log_entries: Any):
    """A national number that was sealed with another key can't be opened."""
    user = await rows.a_user(national_number_sealed=SECRET.encode())

    result = await execute_operation(person(user), "{ viewer { user { givenName maskedNationalNumber } } }")

    assert result.data == {"viewer": {"user": {"givenName": "An", "maskedNationalNumber": None}}}
    [error] = result.errors
    assert error["extensions"] == {"code": "INTERNAL", "requestId": REQUEST_ID}
    assert error["path"] == ["viewer", "user", "maskedNationalNumber"]
    assert error["message"] == "Something went wrong on our side. Give the helpdesk the request's id."
    [entry] = log_entries()
    assert (entry["event"], entry["request_id"], entry["error"]) == ("field_failed", REQUEST_ID, "SealingError")
    assert SECRET not in json.dumps([entry, result.errors])


async def test_an_error_of_the_database_is_an_internal_error(log_entries: Any):
    """The statement, which the database's error quotes, is neither returned nor logged."""
    user = await rows.a_user()
    await execute_as_owner("alter table theme rename column name_en to name_gone")

    result = await execute_operation(person(user), "{ contractTypes { code } themes { code name } }")

    assert result.codes == ["INTERNAL"]
    assert "name_gone" not in json.dumps(result.errors) + json.dumps(log_entries())


FAILING = f"""create function fail() returns trigger language plpgsql as $$ begin raise exception '{SECRET}'; end $$;
  create trigger failing before update on organisation for each row execute function fail()"""
BOTH = """mutation($group: CreateGroupInput!, $email: SetOrganisationEmailInput!) {
  before: createGroup(input: $group) { group { name } errors { code } }
  setOrganisationEmail(input: $email) { organisation { id } errors { code refusal message path } }
  after: createGroup(input: $group) { group { name } errors { code refusal } } }"""


async def test_a_mutation_that_fails_does_not_affect_the_payloads_of_others(log_entries: Any):
    organisation = await rows.an_organisation()
    administrator = person((await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)).user_id)
    organisation_id = global_id("Organisation", organisation.id)
    await execute_as_owner(FAILING)

    result = await execute_operation(
        administrator,
        BOTH,
        group={"organisationId": organisation_id, "name": "Werf", "description": "Werf", "themeLevels": []},
        email={"id": organisation_id, "version": 1, "email": SECRET},
    )

    assert result.errors == []
    assert result.data["before"] == {"group": {"name": "Werf"}, "errors": []}
    payload = result.data["setOrganisationEmail"]
    assert (payload["organisation"], [error["code"] for error in payload["errors"]]) == (None, ["UNAVAILABLE"])
    assert (payload["errors"][0]["refusal"], payload["errors"][0]["path"]) == ("UNEXPECTED", None)
    assert REQUEST_ID in payload["errors"][0]["message"]
    assert result.data["after"] == {"group": None, "errors": [{"code": "TAKEN", "refusal": "GROUP_NAME_TAKEN"}]}
    assert [await Group.all().count(), (await Organisation.get(id=organisation.id)).email] == [1, None]
    [entry] = log_entries()
    assert (entry["event"], entry["request_id"], entry["actor"]) == (
        "mutation_failed",
        REQUEST_ID,
        administrator.user_id,
    )
    assert SECRET not in json.dumps([entry, result.data])
