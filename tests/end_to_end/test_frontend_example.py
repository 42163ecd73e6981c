"""The example of a frontend in docs/examples, on an address of its own and in a browser."""

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
    """Serves a folder as a developer would, until the block ends; gives the port."""
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
    """A browser at the example, which looks for the demo where it runs now."""
    copy = copytree(EXAMPLE, tmp_path / "frontend")
    index = copy / "index.html"
    text = index.read_text(encoding="utf-8")
    for usual, now in {
        "http://127.0.0.1:8000": demo.ports.public_url,
        "http://127.0.0.1:8001": demo.ports.issuer,
    }.items():
        assert usual in text
        text = text.replace(usual, now)
    index.write_text(text, encoding="utf-8")
    with served(copy) as port, monitored_page(browser, f"http://{request.param}:{port}") as opened:
        opened.goto("/")
        yield opened


def sign_in(page: Page, name: str) -> None:
    page.get_by_role("button", name="Aanmelden").click()
    page.get_by_role("button", name=name).click()


def test_a_page_elsewhere_signs_somebody_in_reads_on_and_renews_its_token(page: Page) -> None:
    renewed: list[str] = []
    page.on("request", lambda request: renewed.append(request.post_data or "") if "/token" in request.url else None)
    page.clock.install()
    told = page.get_by_role("status")

    sign_in(page, "Bart Wouters")
    expect(told).to_have_text(READ_BY_BART)
    expect(page.get_by_role("listitem")).to_have_count(10)
    assert page.url.endswith("/")
    assert [form.partition("&")[2].partition("&")[0] for form in renewed] == ["grant_type=authorization_code"]

    for _ in range(2):
        page.clock.fast_forward("59:01")
        page.get_by_role("button", name="Meer opdrachten").click()
    expect(page.get_by_role("listitem")).to_have_count(30)
    assert len(set(page.get_by_role("listitem").all_inner_texts())) == 30
    assert [form.partition("&")[2].partition("&")[0] for form in renewed[1:]] == ["grant_type=refresh_token"] * 2

    page.get_by_role("button", name="Afmelden").click()
    expect(told).to_have_text("U bent niet aangemeld.")


def test_who_may_read_no_contracts_is_told(page: Page) -> None:
    sign_in(page, "Annelies Claeys")
    expect(page.get_by_role("status")).to_have_text("Annelies Claeys ziet geen opdrachten.")
    expect(page.get_by_role("button", name="Meer opdrachten")).to_be_hidden()


def test_who_declines_comes_back_to_the_page(page: Page) -> None:
    page.get_by_role("button", name="Aanmelden").click()
    page.get_by_role("link", name="Niet aanmelden").click()
    expect(page.get_by_role("status")).to_have_text("The person did not sign in.")
    expect(page.get_by_role("button", name="Aanmelden")).to_be_visible()
