"""The example frontend of docs/examples, at an address of its own and in a browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.end_to_end.chromium import browser, monitored_page
from tests.end_to_end.running import ROOT, RunningDemo

__all__ = ["browser"]

EXAMPLE = ROOT / "docs" / "examples" / "frontend"
READ_BY_BART = re.compile(r"^Bart Wouters, Wegenbouw Scheldeland nv: \d+ opdrachten$")


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Says nothing."""


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Serves a folder over HTTP until the block ends; returns the port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=folder)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(params=["127.0.0.1", "localhost"])
def page(browser: Browser, demo: RunningDemo, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with the example, configured with the addresses of the running demo."""
    copy = copytree(EXAMPLE, tmp_path / "frontend")
    index = copy / "index.html"
    text = index.read_text(encoding="utf-8")
    for default, address in {
        "http://127.0.0.1:8000": demo.ports.public_url,
        "http://127.0.0.1:8001": demo.ports.issuer,
    }.items():
        assert default in text
        text = text.replace(default, address)
    index.write_text(text, encoding="utf-8")
    with served(copy) as port, monitored_page(browser, f"http://{request.param}:{port}") as page:
        page.goto("/")
        yield page


def sign_in(page: Page, name: str) -> None:
    page.get_by_role("button", name="Aanmelden").click()
    page.get_by_role("button", name=name).click()


def test_the_example_signs_in_reads_pages_and_renews_its_token(page: Page) -> None:
    token_requests: list[str] = []
    page.on(
        "request", lambda request: token_requests.append(request.post_data or "") if "/token" in request.url else None
    )
    page.clock.install()
    status = page.get_by_role("status")

    sign_in(page, "Bart Wouters")
    expect(status).to_have_text(READ_BY_BART)
    expect(page.get_by_role("listitem")).to_have_count(10)
    assert page.url.endswith("/")
    assert [form.partition("&")[2].partition("&")[0] for form in token_requests] == ["grant_type=authorization_code"]

    for count in (20, 30):
        page.clock.fast_forward("59:01")
        page.get_by_role("button", name="Meer opdrachten").dblclick()
        expect(page.get_by_role("listitem")).to_have_count(count)
    assert len(set(page.get_by_role("listitem").all_inner_texts())) == 30
    grants = [form.partition("&")[2].partition("&")[0] for form in token_requests[1:]]
    assert grants == ["grant_type=refresh_token"] * 2

    page.get_by_role("button", name="Afmelden").click()
    expect(status).to_have_text("U bent niet aangemeld.")


def test_a_person_without_contracts_gets_a_message(page: Page) -> None:
    sign_in(page, "Annelies Claeys")
    expect(page.get_by_role("status")).to_have_text("Annelies Claeys ziet geen opdrachten.")
    expect(page.get_by_role("button", name="Meer opdrachten")).to_be_hidden()


def test_a_person_who_declines_to_sign_in_returns_to_the_page(page: Page) -> None:
    page.get_by_role("button", name="Aanmelden").click()
    page.get_by_role("link", name="Niet aanmelden").click()
    expect(page.get_by_role("status")).to_have_text("The person did not sign in.")
    expect(page.get_by_role("button", name="Aanmelden")).to_be_visible()
