"""In which media type an operation is sent (RFC 9110, 8.3; GraphQL over HTTP, Request)."""

from functools import lru_cache
from typing import Final

from cross_web import StarletteRequestAdapter
from werkzeug.http import parse_options_header

from gql.http.media_types import JSON
from gql.http.preferences import HEADERS

_UTF_8: Final = frozenset({"utf-8", "utf8"})


@lru_cache(HEADERS)
def is_json(content_type: str | None) -> bool:
    """Is it JSON in UTF-8, in whatever capitals?

    Other parameters than the encoding mean nothing to JSON (RFC 8259, 11), and are passed over.
    """
    named, parameters = parse_options_header(content_type)
    return named.lower() == JSON and parameters.get("charset", "utf-8").lower() in _UTF_8


class JsonRequest(StarletteRequestAdapter):
    """A request as the library sees it, which knows JSON by one spelling alone."""

    @property
    def content_type(self) -> str | None:
        """`application/json` for all that is; else what the client says."""
        content_type = super().content_type
        return JSON if is_json(content_type) else content_type
