"""Every mail in every language, in `docs/mails`: what the tests hold the mails to, and pictures to look at.

`make mails` writes it anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser, Page

from domain.models.user import Language
from mail_templates import Rendered, render
from mail_templates.facts import MailFacts
from mail_templates.letter_facts import LetterFacts
from tests.end_to_end.watched import chromium, opened_browser
from tests.mail_templates.some_facts import EVERY
from tests.mail_templates.some_letters import EVERY_LETTER

COLOURS: Final = 48
GALLERY: Final = Path(__file__).parents[2] / "docs" / "mails"


@dataclass(frozen=True)
class Sight:
    """A way to look at a mail: how wide the window is, and whether its owner likes it dark."""

    name: str
    width: int
    dark: bool = False


LIGHT: Final = Sight("", 640)
SIGHTS: Final = (LIGHT, Sight("-dark", 640, dark=True), Sight("-phone", 375))


@dataclass(frozen=True)
class Shown:
    """One mail in one language."""

    mail: str
    rendered: Rendered

    @property
    def stem(self) -> str:
        """Where it stands in the gallery, without the ending."""
        return f"{self.mail}/{self.rendered.language.lower()}"

    @property
    def files(self) -> dict[str, str]:
        """What it is as files, by their paths in the gallery."""
        text = f"{self.rendered.subject}\n\n{self.rendered.text}"
        return {f"{self.stem}.html": self.rendered.html, f"{self.stem}.txt": text}

    @property
    def sights(self) -> tuple[Sight, ...]:
        """How it is pictured: the other languages differ from Dutch in nothing but their words."""
        return SIGHTS if self.rendered.language is Language.NL else (LIGHT,)


def shown() -> Iterator[Shown]:
    """Every mail in every language."""
    every: list[MailFacts | LetterFacts] = [*EVERY.values(), *EVERY_LETTER.values()]
    for facts in every:
        for language in Language:
            yield Shown(facts.mail, render(replace(facts, language=language)))


def index() -> str:
    """The gallery's first page."""
    lines = ["# The mails", "", "Written by `make mails`; the tests hold every mail to the text and the page here."]
    for mail, of_mail in _by_mail().items():
        lines += ["", f"## {mail.replace('_', ' ').capitalize()}", "", "| | subject | |", "| --- | --- | --- |"]
        for each in of_mail:
            kinds = [f"[{kind}]({each.stem}.{kind})" for kind in ("html", "txt", "png")]
            lines.append(f"| {each.rendered.language.lower()} | {each.rendered.subject} | {' · '.join(kinds)} |")
        lines += ["", " ".join(f"![{mail}{sight.name}]({mail}/nl{sight.name}.png)" for sight in SIGHTS)]
    return "\n".join(lines) + "\n"


def _by_mail() -> dict[str, list[Shown]]:
    found: dict[str, list[Shown]] = {}
    for each in shown():
        found.setdefault(each.mail, []).append(each)
    return found


def write() -> None:
    """Writes texts and pages, then takes the pictures.

    Raises:
        SystemExit: There is no Chromium to take them with.
    """
    for each in shown():
        for path, content in each.files.items():
            (GALLERY / path).parent.mkdir(parents=True, exist_ok=True)
            (GALLERY / path).write_text(content, encoding="utf-8")
    (GALLERY / "README.md").write_text(index(), encoding="utf-8")
    program = chromium()
    if program is None:
        raise SystemExit(
            "No Chromium is installed here (Debian: apt-get install chromium): only the pictures stay old."
        )
    with opened_browser(program) as browser:
        for each in shown():
            for sight in each.sights:
                _take_picture(browser, each, sight)


def _take_picture(browser: Browser, each: Shown, sight: Sight) -> None:
    with opened_page(browser, each.rendered.html, sight) as page:
        picture = Image.open(BytesIO(page.screenshot(full_page=True)))
    # A page of a few colours fits into a quarter of what the browser writes.
    picture.quantize(COLOURS).save(GALLERY / f"{each.stem}{sight.name}.png", optimize=True)


@contextmanager
def opened_page(browser: Browser, html: str, sight: Sight) -> Iterator[Page]:
    """The page of a mail, looked at in one way."""
    scheme: Literal["dark", "light"] = "dark" if sight.dark else "light"
    context = browser.new_context(viewport={"width": sight.width, "height": 400}, color_scheme=scheme)
    page = context.new_page()
    page.set_content(html)
    yield page
    context.close()


if __name__ == "__main__":
    write()
