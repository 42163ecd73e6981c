"""No redirect after a sign-in leads to another site."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.responses import RedirectResponse

from identity.local_path import MAX_BYTES, local_path

OURS = "http://127.0.0.1:8000/signin/callback"
# Pieces whose combinations can lead to another site.
PIECES = st.sampled_from(
    ["/", "//", "\\", "/\\", ":", "http:", "https://", "javascript:", "data:", "elsewhere.example", "@", "?", "#", ".",
     "..", ";", "%2f", "%5c", "%09", "%00", "\t", "\n", "\r", "\x00", "\x0b", " ", "\u00a0", "\u2028", "\uff0f",
     "\u2215", "\x85", "\x7f", "[", "]", "é", "graphql", "signin", "signout"]
)  # fmt: skip
paths = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=40) | st.text(max_size=40).map("/{}".format)


def resolve_as_a_browser(location: str) -> str:
    """The URL as a browser resolves it: it removes tabs and line breaks, and reads a backslash as a slash."""
    for character in "\t\n\r":
        location = location.replace(character, "")
    return urljoin(OURS, location.strip("".join(map(chr, range(33)))).replace("\\", "/"))


@given(paths)
@example("//elsewhere.example")
@example("/\\elsewhere.example")
@example("/\t/elsewhere.example")
@example("\\\\elsewhere.example")
@example("https://elsewhere.example")
@example("javascript:alert(1)")
@example(" //elsewhere.example")
@example("/\x00/elsewhere.example")
@example("///elsewhere.example")
def test_a_redirect_stays_on_our_site(path: str) -> None:
    location = RedirectResponse(local_path(path)).headers["location"]
    url = urlsplit(resolve_as_a_browser(location))
    assert (url.scheme, url.netloc) == ("http", "127.0.0.1:8000")


@pytest.mark.parametrize(
    "path",
    ["/", "/graphql", "/graphql?query={viewer{user{id}}}", "/a//b", "/mailbox#x", "/é", "/signing", "/?next=//b"],
)
def test_a_local_path_is_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [None, "", "graphql", "?a", "#a", "//", "/\\", "\\", "/a\\b", "/\n", "/\x7f", "/\x9f", "/\ud800", "/signin",
     "/signin/callback?x", "/signout", "/signin?next=/", "http:/a",
     "/" + "a" * MAX_BYTES, "/" + "é" * (MAX_BYTES // 2)],
)  # fmt: skip
def test_anything_else_becomes_the_home_page(path: str | None) -> None:
    assert local_path(path) == "/"
