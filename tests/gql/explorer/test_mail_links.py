"""The links in mails: they lead to the example that shows what the mail is about, and to nothing else."""

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
from tests.gql.sized import Sized

pytestmark = pytest.mark.usefixtures("database")
LINKS = {
    contract_link("", 7): ("contracts", global_id("Contract", 7)),
    organisation_link("", 7): ("organisations", global_id("Organisation", 7)),
    task_link("", 7): ("tasks", global_id("SelfRegistrationTask", 7)),
    contract_link("", 7, document_id=8): ("documents", global_id("Document", 8)),
    contract_link("", 7, document_id=8, message_id=9): ("messages", global_id("Message", 9)),
    contract_link("", 7, document_id=8, action_id=10): ("actions", global_id("Action", 10)),
}


@pytest.mark.parametrize(("link", "asked"), LINKS.items())
async def test_a_link_leads_who_is_signed_in_to_what_the_mail_is_about(link: str, asked: tuple[str, str]):
    async with browser() as client:
        await sign_in(client, await rows.a_user())
        answer = await client.get(link)

    assert (answer.status_code, answer.headers["cache-control"]) == (307, "no-store")
    led = urlsplit(answer.headers["location"])
    assert (led.scheme, led.netloc, led.path) == ("", "", "/graphql")
    assert parse_qs(led.query) == {"place": [asked[0]], "id": [asked[1]]}


@pytest.mark.parametrize("link", LINKS)
async def test_a_link_leads_others_to_the_same_after_they_have_signed_in(link: str):
    async with browser() as client:
        nobody = await client.get(link)
        await sign_in(client, await rows.a_user())
        somebody = await client.get(link)

    led = urlsplit(nobody.headers["location"])
    assert (nobody.status_code, led.scheme, led.netloc, led.path) == (307, "", "", "/signin")
    [after] = parse_qs(led.query)["next"]
    assert local_path(after) == after == somebody.headers["location"]


@pytest.mark.parametrize("written", [r"\\evil.example", "x&place=tasks&query={__typename}#y", "a\r\nlocation: b", "é"])
async def test_whatever_is_written_as_an_id_stays_one_and_leads_nowhere_else(written: str):
    async with browser() as client:
        await sign_in(client, await rows.a_user())
        answer = await client.get(f"/contracts/{quote(written)}")

    led = urlsplit(answer.headers["location"])
    assert (led.scheme, led.netloc, led.path, led.fragment) == ("", "", "/graphql", "")
    assert parse_qs(led.query) == {"place": ["contracts"], "id": [written]}


def test_what_a_link_opens_only_asks_and_takes_an_id_alone():
    by_name = {example.name: example for example in examples()}
    for name in EXAMPLE_BY_PLACE.values():
        asked = parse(by_name[name].document).definitions[0]
        assert isinstance(asked, OperationDefinitionNode)
        assert asked.operation is OperationType.QUERY
        assert [print_ast(each) for each in asked.variable_definitions or ()] == [
            f"$id: {GraphQLNonNull(GraphQLID)}"
        ], name


async def test_the_page_is_told_which_examples_a_link_may_open():
    async with browser() as client:
        listed = (await client.get("/graphql/examples.json")).json()

    assert {each["place"]: each["name"] for each in listed if each["place"]} == EXAMPLE_BY_PLACE


@pytest.mark.parametrize(
    ("kind", "field", "told"),
    [("Document", "title", "Antwoord"), ("Message", "body", "Wanneer?"), ("Action", "title", "Aanvullen")],
)
async def test_what_a_mail_tells_of_is_shown_with_its_contract_and_others_see_none_of_it(
    sized: list[Sized], kind: str, field: str, told: str
):
    of = sized[1]
    [example] = [each for each in examples() if each.name == f"{kind}OfMail"]

    shown = (await read(of.viewer, example.document, id=of.ids[kind]))["node"]
    hidden = await read(person(await rows.a_user()), example.document, id=of.ids[kind])

    assert (shown["id"], shown[field]) == (of.ids[kind], told)
    assert shown["contract"]["title"] == "Brugherstel"
    assert hidden == {"node": None}


async def test_the_organisation_of_a_mail_is_shown_with_ones_own_access_and_others_see_none_of_it(sized: list[Sized]):
    of = sized[1]
    [example] = [each for each in examples() if each.name == "OrganisationAccess"]

    shown = await read(of.viewer, example.document, id=of.ids["Organisation"])
    hidden = await read(person(await rows.a_user()), example.document, id=of.ids["Organisation"])

    assert shown["node"]["id"] == of.ids["Organisation"]
    assert [each["organisation"]["id"] for each in shown["viewer"]["organisations"]] == [of.ids["Organisation"]]
    assert (hidden["viewer"]["organisations"], (hidden["node"] or {}).get("expiringRights")) == ([], None)
