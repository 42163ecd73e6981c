"""Parses the HTML of a mail."""

from collections.abc import Iterable
from html.parser import HTMLParser

from mail_templates import RenderedMail


class PageReader(HTMLParser):
    """The visible words of a page, its links, its tags in order, and the attributes of each kind of tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: dict[str, list[dict[str, str | None]]] = {}
        self._words: list[str] = []
        self.feed(html)

    @property
    def text(self) -> str:
        """The words, with one space between them."""
        return " ".join("".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.setdefault(tag, []).append(dict(attrs))
        self.links += [value or "" for name, value in attrs if tag == "a" and name == "href"]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"]:
            self._words.append(data)


def assert_contains(rendered: RenderedMail, link: str, facts: Iterable[str | None]) -> None:
    """Asserts that HTML and text of a mail contain the link and every fact that isn't None."""
    page = PageReader(rendered.html)
    for fact in filter(None, facts):
        assert fact in rendered.text
        assert fact in page.text
    assert link in rendered.text
    assert link in page.links
    assert "None" not in rendered.text + rendered.html
