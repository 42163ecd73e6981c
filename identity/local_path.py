"""Where a person may be sent after signing in: a path of ours, never another site."""

import re
from typing import Final

HOME: Final = "/"
LONGEST: Final = 1000
"""Bytes; what is longer would not fit into the cookie that carries it."""
# A browser reads a backslash as a slash and drops tabs and line breaks, so that "/\host" and "/<tab>/host" lead away.
_LOCAL: Final = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f-\x9f]*")
_SIGN_IN: Final = re.compile(r"/sign(in|out)(?![^/?#])")


def local_path(asked: str | None) -> str:
    """The path that was asked for, with its query and fragment; `/` when it leads elsewhere or back to signing in."""
    if asked is None or not _LOCAL.fullmatch(asked) or _SIGN_IN.match(asked):
        return HOME
    try:
        return asked if len(asked.encode()) <= LONGEST else HOME
    except UnicodeEncodeError:
        return HOME
