"""The links in mails: each redirects to the example that shows what the mail is about, and nowhere else."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from graphql import GraphQLID, GraphQLNonNull, OperationDefinitionNode, OperationType, parse, print_ast

from gql.explorer.examples import examples
from gql.explorer.mail_links import EXAMPLE_BY_PLACE
from gql.reading.ids import global_id
from identity.local_path import local_path
from mail_templates import contract_link, organisation_link, task_link
from tests import rows
from tests.gql.execution import person, read
from tests.gql.http_client import browser, sign_in
from tests.gql.sized_organisations import SizedOrganisation

pytestmark = pytest.mark.usefixtures("database")
LINKS = {
    contract_link("", 7): ("contracts", global_id("Contract", 7)),
    organisation_link("", 7): ("organisations", global_id("Organisation", 7)),
    task_link("", 7): ("tasks", global_id("SelfRegistrationTask", 7)),
    contract_link("", 7, document_id=8): ("documents", global_id("Document", 8)),
    contract_link("", 7, document_id=8, message_id=9): ("messages", global_id("Message", 9)),
    contract_link("", 7, document_id=8, action_id=10): ("actions", global_id("Action", 10)),
}


@pytest.mark.parametrize(("link", "target"), LINKS.items())
async def test_a_link_redirects_a_signed_in_user_to_what_the_mail_is_about(link: str, target: tuple[str, str]):
    async with browser() as client:
        await sign_in(client, await rows.a_user())
        response = await client.get(link)

    assert (response.status_code, response.headers["cache-control"]) == (307, "no-store")
    location = urlsplit(response.headers["location"])
    assert (location.scheme, location.netloc, location.path) == ("", "", "/graphql")
    assert parse_qs(location.query) == {"place": [target[0]], "id": [target[1]]}


@pytest.mark.parametrize("link", LINKS)
async def test_a_link_redirects_an_anonymous_user_to_the_same_place_by_the_sign_in(link: str):
    async with browser() as client:
        anonymous = await client.get(link)
        await sign_in(client, await rows.a_user())
        signed_in = await client.get(link)

    location = urlsplit(anonymous.headers["location"])
    assert (anonymous.status_code, location.scheme, location.netloc, location.path) == (307, "", "", "/signin")
    [next_path] = parse_qs(location.query)["next"]
    assert local_path(next_path) == next_path == signed_in.headers["location"]


@pytest.mark.parametrize(
    "hostile_id", [r"\\evil.example", "x&place=tasks&query={__typename}#y", "a\r\nlocation: b", "é"]
)
async def test_a_hostile_id_in_a_link_stays_an_id(hostile_id: str):
    async with browser() as client:
        await sign_in(client, await rows.a_user())
        response = await client.get(f"/contracts/{quote(hostile_id)}")

    location = urlsplit(response.headers["location"])
    assert (location.scheme, location.netloc, location.path, location.fragment) == ("", "", "/graphql", "")
    assert parse_qs(location.query) == {"place": ["contracts"], "id": [hostile_id]}


def test_the_example_of_a_link_is_a_query_with_an_id_as_its_only_variable():
    by_name = {example.name: example for example in examples()}
    for name in EXAMPLE_BY_PLACE.values():
        operation = parse(by_name[name].document).definitions[0]
        assert isinstance(operation, OperationDefinitionNode)
        assert operation.operation is OperationType.QUERY
        assert [print_ast(variable) for variable in operation.variable_definitions or ()] == [
            f"$id: {GraphQLNonNull(GraphQLID)}"
        ], name


async def test_the_list_of_examples_names_the_place_of_each_that_a_link_may_open():
    async with browser() as client:
        listing = (await client.get("/graphql/examples.json")).json()

    assert {example["place"]: example["name"] for example in listing if example["place"]} == EXAMPLE_BY_PLACE


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [("Document", "title", "Antwoord"), ("Message", "body", "Wanneer?"), ("Action", "title", "Aanvullen")],
)
async def test_what_a_mail_is_about_is_shown_with_its_contract_and_hidden_from_others(
    sized_organisations: list[SizedOrganisation], kind: str, field: str, value: str
):
    organisation = sized_organisations[1]
    [example] = [candidate for candidate in examples() if candidate.name == f"{kind}OfMail"]

    shown = (await read(organisation.viewer, example.document, id=organisation.ids[kind]))["node"]
    hidden = await read(person(await rows.a_user()), example.document, id=organisation.ids[kind])

    assert (shown["id"], shown[field]) == (organisation.ids[kind], value)
    assert shown["contract"]["title"] == "Brugherstel"
    assert hidden == {"node": None}


async def test_the_organisation_of_a_mail_is_shown_with_the_viewers_access_and_hidden_from_others(
    sized_organisations: list[SizedOrganisation],
):
    organisation = sized_organisations[1]
    [example] = [candidate for candidate in examples() if candidate.name == "OrganisationAccess"]

    shown = await read(organisation.viewer, example.document, id=organisation.ids["Organisation"])
    hidden = await read(person(await rows.a_user()), example.document, id=organisation.ids["Organisation"])

    assert shown["node"]["id"] == organisation.ids["Organisation"]
    assert [access["organisation"]["id"] for access in shown["viewer"]["organisations"]] == [
        organisation.ids["Organisation"]
    ]
    assert (hidden["viewer"]["organisations"], hidden["node"]) == ([], None)
