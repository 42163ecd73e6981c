"""A Chromium browser, and pages that fail the test on console errors or requests to other hosts."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

SCREENSHOTS = Path(__file__).parents[2] / "test-results"
EXECUTABLES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    # Requests to other hosts fail, and so are noticed.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def find_chromium() -> str | None:
    """The path of this machine's Chromium; None if it has none."""
    return next((path for name in EXECUTABLES if (path := shutil.which(name))), None)


@dataclass
class PageProblems:
    """Errors and warnings of pages, and the URLs on other hosts that they requested."""

    messages: list[str] = field(default_factory=list)
    external_requests: list[str] = field(default_factory=list)

    def record_console_message(self, message: ConsoleMessage) -> None:
        """Records an error or warning of the console, which also shows violations of the content security policy."""
        if message.type in {"error", "warning"}:
            self.messages.append(f"{message.type} on {message.page.url if message.page else '?'}: {message.text}")

    def record_request(self, url: str) -> None:
        """Records a request to another host."""
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob"} and parts.hostname not in {"127.0.0.1", "localhost"}:
            self.external_requests.append(url)


@contextmanager
def launch_browser(executable: str) -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a module, which are skipped if Chromium isn't installed."""
    executable = find_chromium()
    if executable is None:
        pytest.skip("No Chromium is installed here (Debian: apt-get install chromium).")
    with launch_browser(executable) as launched:
        yield launched


@contextmanager
def monitored_page(browser: Browser, base_url: str) -> Iterator[Page]:
    """A page in its own browser context; fails on console messages, exceptions and requests to other hosts."""
    context = browser.new_context(base_url=base_url, locale="nl-BE", viewport={"width": 1400, "height": 900})
    context.set_default_timeout(20_000)
    problems = PageProblems()
    context.on("console", problems.record_console_message)
    context.on("weberror", lambda error: problems.messages.append(str(error.error)))
    context.on("request", lambda request: problems.record_request(request.url))
    yield context.new_page()
    context.close()
    assert problems == PageProblems(), problems


def take_screenshot(page: Page, name: str) -> None:
    """Saves a screenshot of the page for people to look at."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
