"""What docs/clients.md says to client developers is what the API does."""

import re
from pathlib import Path

from graphql import GraphQLObjectType, build_schema

from gql.http.security import ALLOWED_HEADERS

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
SCHEMA = build_schema((ROOT / "gql" / "schema.graphql").read_text(encoding="utf-8"))
NEVER_KEYED = re.compile(r"__.*|Query|Mutation|Subscription|PageInfo|.*(Connection|Edge|Payload)")
"""The roots, and what client libraries treat as embedded by its name or because it is a mutation's payload."""


def test_every_header_that_a_page_on_another_origin_may_send_is_there() -> None:
    section = GUIDE.split("\n### Pages on another origin\n")[1].split("\n## ")[0]
    paragraph = section.split("requests from another origin may have\n")[1].split(";")[0]
    assert re.findall(r"`([^`]+)`", paragraph) == list(ALLOWED_HEADERS)


def test_every_type_that_a_cache_must_not_key_is_there() -> None:
    listed = re.findall(r"'(\w+)'", GUIDE.split("const embedded = [")[1].split("]")[0])
    without_id = {
        name
        for name, kind in SCHEMA.type_map.items()
        if isinstance(kind, GraphQLObjectType) and "id" not in kind.fields and not NEVER_KEYED.fullmatch(name)
    }
    assert listed == sorted(without_id)
