"""A mail's page can be read by anyone, in any mail program."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.end_to_end.chromium import browser
from tests.mail_templates.gallery import VIEWS, GalleryMail, View, gallery_mails, open_page
from tests.mail_templates.page_reader import Reader

__all__ = ["browser"]

every_mail = pytest.mark.parametrize("mail", list(gallery_mails()), ids=lambda mail: mail.stem)
one_of_each = pytest.mark.parametrize(
    "mail", [mail for mail in gallery_mails() if mail.stem.endswith("nl")], ids=lambda m: m.mail
)

CONTRASTS = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (value) => value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const found = channels(getComputedStyle(each).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    throw new Error("Nothing stands behind it.");
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = {};
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [a, b] = [light(channels(getComputedStyle(element).color)), light(behind(element))];
    found[texts.currentNode.data.trim()] = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }
  return found;
}"""


@every_mail
def test_it_says_its_language_and_has_one_heading(mail: GalleryMail) -> None:
    page = Reader(mail.rendered.html)
    language = mail.rendered.language.lower()
    # Webmail throws the page's own tags away, and keeps the sheet.
    assert page.attributes["html"][0]["lang"] == page.attributes["div"][0]["lang"] == language
    assert page.tags.count("h1") == 1
    assert page.tags.count("title") == 1


@every_mail
def test_a_table_is_one_of_facts_or_says_that_it_is_none(mail: GalleryMail) -> None:
    html = re.sub(r"<!--.*?-->", "", mail.rendered.html, flags=re.DOTALL)
    tables = re.findall(r"<table.*?</table>", html, flags=re.DOTALL)
    assert all('role="presentation"' in table or '<th scope="row"' in table for table in tables)
    ghosts = re.findall(r"<table[^>]*>", "".join(re.findall(r"<!--\[if mso\]>.*?<!\[endif\]-->", mail.rendered.html)))
    assert all('role="presentation"' in table for table in ghosts)


@every_mail
def test_it_fetches_nothing_and_runs_nothing(mail: GalleryMail) -> None:
    assert not {"img", "script", "iframe", "form", "link", "object", "input"} & set(Reader(mail.rendered.html).tags)
    assert not re.search(r"url\(|@import|src=", mail.rendered.html)


@every_mail
def test_its_styles_stand_beside_the_elements_and_only_dark_and_narrow_in_the_head(mail: GalleryMail) -> None:
    [style] = re.findall(r"<style>(.*?)</style>", mail.rendered.html, flags=re.DOTALL)
    assert re.sub(r"@media \([^)]*\) \{(?:\s*[^{}]+\{[^{}]*\})*\s*\}", "", style).strip() == ""
    assert re.findall(r"@media (\([^)]*\))", style) == ["(max-width: 480px)", "(prefers-color-scheme: dark)"]
    assert all("style" in given for given in Reader(mail.rendered.html).attributes["p"])


@one_of_each
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name or "light")
def test_every_word_has_contrast(browser: Browser, mail: GalleryMail, view: View) -> None:
    with open_page(browser, mail.rendered.html, view) as page:
        contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 10
    assert {text: ratio for text, ratio in contrasts.items() if ratio < 4.5} == {}


@every_mail
def test_it_fits_a_narrow_phone(browser: Browser, mail: GalleryMail) -> None:
    with open_page(browser, mail.rendered.html, View("-narrow", 320)) as page:
        assert _width(page) <= 320


def _width(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width
