"""A Chromium whose every request and complaint is noted."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

PICTURES = Path(__file__).parents[2] / "test-results"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    # Whatever tries to leave this machine fails, and so is seen.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def chromium() -> str | None:
    """Where this machine's Chromium is; None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@dataclass
class Notes:
    """What the pages complained of, and the addresses elsewhere that they asked for."""

    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Notes an error or warning on the console, which is also where violations of a page's policy are told."""
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type} on {message.page.url if message.page else '?'}: {message.text}")

    def see(self, address: str) -> None:
        """Notes a request that leaves this machine."""
        parts = urlsplit(address)
        if parts.scheme not in {"data", "blob"} and parts.hostname not in {"127.0.0.1", "localhost"}:
            self.elsewhere.append(address)


@contextmanager
def opened_browser(program: str) -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests of a module, which are passed over where there is none."""
    program = chromium()
    if program is None:
        pytest.skip("No Chromium is installed here (Debian: apt-get install chromium).")
    with opened_browser(program) as opened:
        yield opened


@contextmanager
def watched_page(browser: Browser, address: str) -> Iterator[Page]:
    """A page in a browser profile of its own, which must not complain nor ask for anything elsewhere."""
    context = browser.new_context(base_url=address, locale="nl-BE", viewport={"width": 1400, "height": 900})
    context.set_default_timeout(20_000)
    notes = Notes()
    context.on("console", notes.hear)
    context.on("weberror", lambda error: notes.complaints.append(str(error.error)))
    context.on("request", lambda request: notes.see(request.url))
    yield context.new_page()
    context.close()
    assert notes == Notes(), notes


def take_picture(page: Page, name: str) -> None:
    """Keeps what the page looks like now, for people to look at."""
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
