"""No address that a browser would leave our site for is ever followed."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.responses import RedirectResponse

from identity.local_path import MAX_BYTES, local_path

OURS = "http://127.0.0.1:8000/signin/callback"
# Pieces that lead astray where they meet.
PIECES = st.sampled_from(
    ["/", "//", "\\", "/\\", ":", "http:", "https://", "javascript:", "data:", "elsewhere.example", "@", "?", "#", ".",
     "..", ";", "%2f", "%5c", "%09", "%00", "\t", "\n", "\r", "\x00", "\x0b", " ", "\u00a0", "\u2028", "\uff0f",
     "\u2215", "\x85", "\x7f", "[", "]", "é", "graphql", "signin", "signout"]
)  # fmt: skip
asked_paths = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=40) | st.text(max_size=40).map("/{}".format)


def where_a_browser_goes(location: str) -> str:
    """The address as a browser reads it: it drops tabs and line breaks and takes a backslash for a slash."""
    for dropped in "\t\n\r":
        location = location.replace(dropped, "")
    return urljoin(OURS, location.strip("".join(map(chr, range(33)))).replace("\\", "/"))


@given(asked_paths)
@example("//elsewhere.example")
@example("/\\elsewhere.example")
@example("/\t/elsewhere.example")
@example("\\\\elsewhere.example")
@example("https://elsewhere.example")
@example("javascript:alert(1)")
@example(" //elsewhere.example")
@example("/\x00/elsewhere.example")
@example("///elsewhere.example")
def test_whoever_signs_in_stays_on_our_site(asked: str) -> None:
    location = RedirectResponse(local_path(asked)).headers["location"]
    goes = urlsplit(where_a_browser_goes(location))
    assert (goes.scheme, goes.netloc) == ("http", "127.0.0.1:8000")


@pytest.mark.parametrize(
    "path",
    ["/", "/graphql", "/graphql?query={viewer{user{id}}}", "/a//b", "/mailbox#x", "/é", "/signing", "/?next=//b"],
)
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "asked",
    [None, "", "graphql", "?a", "#a", "//", "/\\", "\\", "/a\\b", "/\n", "/\x7f", "/\x9f", "/\ud800", "/signin",
     "/signin/callback?x", "/signout", "/signin?next=/", "http:/a",
     "/" + "a" * MAX_BYTES, "/" + "é" * (MAX_BYTES // 2)],
)  # fmt: skip
def test_anything_else_leads_home(asked: str | None) -> None:
    assert local_path(asked) == "/"
