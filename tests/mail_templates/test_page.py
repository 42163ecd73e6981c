"""The HTML of mails is accessible, and compatible with mail clients."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.end_to_end.chromium import browser
from tests.mail_templates.gallery import VIEWS, GalleryMail, View, gallery_mails, open_page
from tests.mail_templates.page_reader import PageReader

__all__ = ["browser"]

each_mail = pytest.mark.parametrize("mail", list(gallery_mails()), ids=lambda mail: mail.stem)
each_dutch_mail = pytest.mark.parametrize(
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


@each_mail
def test_a_page_has_its_language_and_one_heading(mail: GalleryMail) -> None:
    page = PageReader(mail.rendered.html)
    language = mail.rendered.language.lower()
    # Webmail drops the html and body tags, and keeps the div.
    assert page.attributes["html"][0]["lang"] == page.attributes["div"][0]["lang"] == language
    assert page.tags.count("h1") == 1
    assert page.tags.count("title") == 1


@each_mail
def test_tables_have_row_headers_or_are_presentational(mail: GalleryMail) -> None:
    html = re.sub(r"<!--.*?-->", "", mail.rendered.html, flags=re.DOTALL)
    tables = re.findall(r"<table.*?</table>", html, flags=re.DOTALL)
    assert all('role="presentation"' in table or '<th scope="row"' in table for table in tables)
    outlook_tables = re.findall(
        r"<table[^>]*>", "".join(re.findall(r"<!--\[if mso\]>.*?<!\[endif\]-->", mail.rendered.html))
    )
    assert all('role="presentation"' in table for table in outlook_tables)


@each_mail
def test_a_page_loads_and_runs_nothing(mail: GalleryMail) -> None:
    assert not {"img", "script", "iframe", "form", "link", "object", "input"} & set(PageReader(mail.rendered.html).tags)
    assert not re.search(r"url\(|@import|src=", mail.rendered.html)


@each_mail
def test_styles_are_inline_except_media_queries_for_dark_and_narrow(mail: GalleryMail) -> None:
    [style] = re.findall(r"<style>(.*?)</style>", mail.rendered.html, flags=re.DOTALL)
    assert re.sub(r"@media \([^)]*\) \{(?:\s*[^{}]+\{[^{}]*\})*\s*\}", "", style).strip() == ""
    assert re.findall(r"@media (\([^)]*\))", style) == ["(max-width: 480px)", "(prefers-color-scheme: dark)"]
    assert all("style" in attributes for attributes in PageReader(mail.rendered.html).attributes["p"])


@each_dutch_mail
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name or "light")
def test_every_text_has_enough_contrast(browser: Browser, mail: GalleryMail, view: View) -> None:
    with open_page(browser, mail.rendered.html, view) as page:
        contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 10
    assert {text: ratio for text, ratio in contrasts.items() if ratio < 4.5} == {}


@each_mail
def test_a_page_fits_a_narrow_phone(browser: Browser, mail: GalleryMail) -> None:
    with open_page(browser, mail.rendered.html, View("-narrow", 320)) as page:
        assert _width(page) <= 320


def _width(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width
