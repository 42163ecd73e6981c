"""The media type in which an operation is sent (RFC 9110, 8.3; GraphQL over HTTP, Request)."""

from functools import lru_cache
from typing import Final

from cross_web import StarletteRequestAdapter
from werkzeug.http import parse_options_header

from gql.http.accept_headers import CACHE_SIZE
from gql.http.media_types import JSON

_UTF_8: Final = frozenset({"utf-8", "utf8"})


@lru_cache(CACHE_SIZE)
def is_json(content_type: str | None) -> bool:
    """Is it JSON in UTF-8, in upper or lower case?

    Parameters other than the charset mean nothing to JSON (RFC 8259, 11) and are ignored.
    """
    media_type, parameters = parse_options_header(content_type)
    return media_type.lower() == JSON and parameters.get("charset", "utf-8").lower() in _UTF_8


class JsonRequest(StarletteRequestAdapter):
    """A request for Strawberry, which recognises JSON in one spelling only."""

    @property
    def content_type(self) -> str | None:
        """`application/json` for every spelling of it; otherwise the header as sent."""
        content_type = super().content_type
        return JSON if is_json(content_type) else content_type
