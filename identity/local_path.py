"""The path that a person is redirected to after signing in: a local one, never another site."""

import re
from typing import Final

HOME: Final = "/"
MAX_BYTES: Final = 1000
"""A longer path would not fit into the cookie that carries it."""
# A browser reads a backslash as a slash and drops tabs and line breaks, so that "/\host" and "/<tab>/host" lead away.
_LOCAL: Final = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f-\x9f]*")
_SIGN_IN: Final = re.compile(r"/sign(in|out)(?![^/?#])")


def local_path(path: str | None) -> str:
    """The path with its query and fragment; `/` when it leads to another site or back to signing in."""
    if path is None or not _LOCAL.fullmatch(path) or _SIGN_IN.match(path):
        return HOME
    try:
        return path if len(path.encode()) <= MAX_BYTES else HOME
    except UnicodeEncodeError:
        return HOME
