"""The served pages in a browser: GraphiQL, the start page and the mailbox."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.end_to_end.chromium import browser, monitored_page, take_screenshot
from tests.end_to_end.conftest import SignIn
from tests.end_to_end.contracts import contract_with
from tests.end_to_end.document_delivery import deliver, unique_title
from tests.end_to_end.people import Visitor
from tests.end_to_end.running import RunningDemo
from tests.local.conftest import wait_until

__all__ = ["browser"]

MODULES = Path(__file__).parents[1] / "javascript" / "node_modules"
# The builds of the npm packages for pages without a bundler.
PACKAGES = [MODULES / name / "umd" / f"{name}.min.js" for name in ("graphql-ws", "graphql-sse")]


@pytest.fixture
def page(browser: Browser, demo: RunningDemo) -> Iterator[Page]:
    with monitored_page(browser, demo.ports.public_url) as page:
        yield page


def test_graphiql_from_signing_in_to_signing_out(page: Page) -> None:
    page.goto("/graphql")
    page.locator(".graphiql-query-editor .view-line").first.wait_for()
    viewer_status = page.get_by_role("status", name="Aangemeld als")
    expect(viewer_status).to_have_text("Niet aangemeld")
    take_screenshot(page, "graphiql-nobody")

    page.get_by_role("link", name="Aanmelden").click()
    page.get_by_role("button", name="Bart Wouters").wait_for()
    take_screenshot(page, "sign-in")
    page.get_by_role("button", name="Bart Wouters").click()
    expect(viewer_status).to_have_text("Bart Wouters Wegenbouw Scheldeland nv (beheerder)")

    run_the_list_of_contracts(page)
    run_the_overview_of_groups(page)
    open_an_example(page)

    page.get_by_role("button", name="Afmelden").click()
    expect(page.get_by_text("U bent niet aangemeld.")).to_be_visible()
    page.goto("/graphql")
    expect(viewer_status).to_have_text("Niet aangemeld")


def test_graphiql_fits_the_screen_of_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/graphql")

    expect(page.get_by_role("link", name="Aanmelden")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Execute query")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Execute query").click()
    expect(page.locator(".result-window")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    take_screenshot(page, "graphiql-telephone")


def run_the_list_of_contracts(page: Page) -> None:
    page.get_by_role("tab", name="ContractList").click()
    page.get_by_role("button", name="Execute query").click()
    # The editor writes spaces as no-break spaces.
    page.locator(".result-window .view-lines").get_by_text(re.compile(r"A12\sBoom:")).wait_for()
    take_screenshot(page, "graphiql-answer")


def run_the_overview_of_groups(page: Page) -> None:
    open_from_the_examples(page, "groupover", "GroupOverview")
    page.get_by_role("button", name="Execute query").click()
    page.locator(".result-window .view-lines").get_by_text(re.compile(r'"groups":')).wait_for()
    page.locator(".result-window .view-lines").get_by_text(re.compile(r'"description":')).first.wait_for()
    take_screenshot(page, "graphiql-groups")


def open_from_the_examples(page: Page, search: str, name: str) -> None:
    page.get_by_label("Zoeken in de voorbeelden").fill(search)
    page.get_by_role("region", name="Voorbeelden").get_by_role("button", name=name).click()
    page.get_by_role("tab", name=name, selected=True).wait_for()


def open_an_example(page: Page) -> None:
    open_from_the_examples(page, "deliver", "DeliverMessage")
    take_screenshot(page, "graphiql-example")


def test_an_example_can_be_opened_once_the_editor_has_loaded(page: Page) -> None:
    delayed: list[Route] = []
    page.route("**/assets/editor.api-*.js", lambda route: delayed.append(route))  # noqa: PLW0108  # it marks what it calls
    page.goto("/graphql", wait_until="commit")
    page.get_by_label("Zoeken in de voorbeelden").fill("ActionChanged")
    example = page.get_by_role("region", name="Voorbeelden").get_by_role("button", name="ActionChanged")
    expect(example).to_be_disabled()

    for route in delayed:
        route.continue_()
    example.click()
    page.get_by_role("tab", name="ActionChanged", selected=True).wait_for()


def test_graphiql_follows_a_subscription(page: Page, machine: Visitor, sign_in: SignIn) -> None:
    page.goto("/signin?next=/graphql")
    page.get_by_role("button", name="Sofie Goossens").click()
    page.get_by_label("Zoeken in de voorbeelden").fill("ActionChanged")
    page.get_by_role("region", name="Voorbeelden").get_by_role("button", name="ActionChanged").click()
    page.get_by_role("tab", name="ActionChanged", selected=True).wait_for()
    page.get_by_role("button", name="Execute query").click()
    page.get_by_role("button", name="Stop query").wait_for()

    contract_id = sign_in("sender").examples()["ActionChanged"]["variables"]["contractId"]
    # The page doesn't show when its subscription has begun: actions are opened until it shows one.
    wait_until(lambda: open_an_action(machine, contract_id) in (page.locator(".result-window").text_content() or ""))

    take_screenshot(page, "graphiql-subscription")
    page.get_by_role("button", name="Stop query").click()
    page.get_by_role("button", name="Execute query").wait_for()


def open_an_action(machine: Visitor, contract_id: str) -> str:
    """Opens one more action; returns the first word of its title."""
    title = unique_title().replace("Aanvaarde", "Bezorg")
    payload = machine.act("OpenAction", contractId=contract_id, externalId=title, title=title)
    assert payload["errors"] == []
    return "Bezorg"


# Each client calls `hear(client)` with the first event that it received.
SUBSCRIBE_BY_CLIENT = {
    "graphql-ws": """([query, variables]) => graphqlWs
      .createClient({url: location.origin.replace("http", "ws") + "/graphql"})
      .subscribe({query, variables}, {next: hear("graphql-ws"), error: hear("failed"), complete: hear("failed")})""",
    "graphql-sse": """([query, variables]) => graphqlSse
      .createClient({url: "/graphql"})
      .subscribe({query, variables}, {next: hear("graphql-sse"), error: hear("failed"), complete: hear("failed")})""",
    "EventSource": """([query, variables]) => new EventSource(
        "/graphql?" + new URLSearchParams({query, variables: JSON.stringify(variables)}))
      .addEventListener("next", (event) => hear("EventSource")(JSON.parse(event.data)))""",
}
RECORD_EVENTS = """() => {
  window.heard = {};
  window.hear = (client) => (event) => { heard[client] ??= String(event?.data?.actionChanged?.status ?? event) };
}"""
ACTIONS = "subscription ($id: ID!) { actionChanged(contractId: $id) { title status } }"


@pytest.mark.skipif(not all(map(Path.exists, PACKAGES)), reason="The packages of tests/javascript are not installed.")
def test_a_page_subscribes_with_the_public_clients_and_the_browsers_own(
    page: Page, machine: Visitor, sign_in: SignIn
) -> None:
    contract_id = sign_in("sender").examples()["ActionChanged"]["variables"]["contractId"]
    page.goto("/signin?next=/graphql")
    page.get_by_role("button", name="Sofie Goossens").click()
    page.locator(".graphiql-query-editor .view-line").first.wait_for()
    for package in PACKAGES:
        page.evaluate(package.read_text())
    page.evaluate(RECORD_EVENTS)

    for subscribe in SUBSCRIBE_BY_CLIENT.values():
        page.evaluate(subscribe, [ACTIONS, {"id": contract_id}])

    def has_every_client_an_event() -> bool:
        open_an_action(machine, contract_id)
        return len(page.evaluate("() => heard")) >= len(SUBSCRIBE_BY_CLIENT)

    wait_until(has_every_client_an_event)
    assert page.evaluate("() => heard") == dict.fromkeys(SUBSCRIBE_BY_CLIENT, "OPEN")


def test_the_start_page_shows_the_addresses_and_the_viewer(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("e-Contracting Access")
    expect(page.get_by_text("U bent niet aangemeld.")).to_be_visible()
    take_screenshot(page, "start-nobody")

    page.goto("/signin?next=/")
    page.get_by_role("button", name="Sofie Goossens").click()
    expect(page.get_by_text("Aangemeld als Sofie Goossens.")).to_be_visible()
    take_screenshot(page, "start")
    page.get_by_role("link", name="GraphiQL").click()
    page.locator(".graphiql-query-editor .view-line").first.wait_for()


@pytest.mark.parametrize("path", ["/", "/graphql", "/signin?next=/graphql"])
def test_signing_in_at_another_host_name_leads_to_the_public_url(page: Page, demo: RunningDemo, path: str) -> None:
    page.goto(f"http://localhost:{demo.ports.api}{path}")
    if not path.startswith("/signin"):
        page.get_by_role("link", name="Aanmelden").click()
    page.get_by_role("button", name="Sofie Goossens").click()

    page.wait_for_url(f"{demo.ports.public_url}/graphql")
    expect(page.get_by_role("status", name="Aangemeld als")).to_contain_text("Sofie Goossens")


def test_a_mail_in_the_mailbox_links_to_its_document_in_graphiql(
    page: Page, demo: RunningDemo, admin: Visitor, machine: Visitor
) -> None:
    contract, title = contract_with(admin), unique_title()
    document_id = deliver(machine, contract["id"], title)
    wait_until(lambda: bool(demo.mails_about(title)))

    page.goto("/mailbox")
    take_screenshot(page, "mailbox")
    page.get_by_role("link", name=contract["number"]).first.click()

    mail = page.frame_locator("iframe")
    expect(mail.get_by_role("cell", name=title)).to_be_visible()
    take_screenshot(page, "mail")
    with page.expect_popup() as popup:
        mail.get_by_role("link", name="Bekijk de opdracht in e-Contracting").click()
    popup.value.get_by_role("button", name="Bart Wouters").click()
    wait_until_shown_in_a_tab(popup.value, "DocumentOfMail", document_id)
    popup.value.locator(".result-window .view-lines").get_by_text(contract["number"]).wait_for()
    take_screenshot(popup.value, "graphiql-from-a-mail")
    page.get_by_role("link", name="Tekst").click()
    expect(page.frame_locator("iframe").get_by_text(title)).to_be_visible()
    take_screenshot(page, "mail-as-text")


def wait_until_shown_in_a_tab(page: Page, example: str, key: str) -> None:
    """Waits until an example has been run for an id, in the selected tab."""
    page.get_by_role("tab", name=example, selected=True).wait_for()
    page.locator(".graphiql-editor-tool .view-lines").get_by_text(key).first.wait_for()
    page.locator(".result-window .view-lines").get_by_text(key).first.wait_for()
    page.wait_for_url("**/graphql")


IS_TAB_STORED = """([example, key]) => JSON.parse(localStorage.getItem("graphiql:tabState"))
  .tabs.some(({title, variables}) => title === example && variables?.includes(key))"""


def test_a_link_opens_a_tab_beside_the_others_once(page: Page, sign_in: SignIn) -> None:
    examples = sign_in("manager").examples()
    page.goto("/signin?next=/graphql")
    page.get_by_role("button", name="Annelies Claeys").click()
    page.locator(".graphiql-query-editor .view-line").first.wait_for()
    initial_tabs = page.get_by_role("tab").all_inner_texts()

    for path, example in (("tasks", "TaskDetail"), ("organisations", "OrganisationAccess"), ("tasks", "TaskDetail")):
        key = examples[example]["variables"]["id"]
        page.goto(f"/{path}/{quote(key, safe='')}")
        wait_until_shown_in_a_tab(page, example, key)
        # GraphiQL stores its tabs shortly after they have changed.
        page.wait_for_function(IS_TAB_STORED, arg=[example, key])

    assert page.get_by_role("tab").all_inner_texts() == [*initial_tabs, "TaskDetail", "OrganisationAccess"]


def test_an_address_that_is_no_link_of_a_mail_opens_no_example(page: Page) -> None:
    bodies: list[str] = []
    page.on("request", lambda request: bodies.append(request.post_data or ""))
    for query in ("place=UpdateContract&id=x", "place=&id=x", "place=contracts", "id=x"):
        page.goto(f"/graphql?{query}")
        page.locator(".graphiql-query-editor .view-line").first.wait_for()
        expect(page.get_by_role("status", name="Aangemeld als")).to_have_text("Niet aangemeld")
        page.get_by_role("tab", name="StartScreenAnyRole", selected=True).wait_for()

    expect(page.get_by_role("tab")).to_have_count(6)
    assert {json.loads(body)["operationName"] for body in bodies if body} == {"Viewer", "IntrospectionQuery"}
