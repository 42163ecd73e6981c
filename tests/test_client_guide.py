"""docs/clients.md agrees with the API."""

import re
from pathlib import Path

from graphql import GraphQLObjectType, build_schema

from gql.http.security import ALLOWED_HEADERS

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
SCHEMA = build_schema((ROOT / "gql" / "schema.graphql").read_text(encoding="utf-8"))
NEVER_KEYED = re.compile(r"__.*|Query|Mutation|Subscription|PageInfo|.*(Connection|Edge|Payload)")
"""The roots, and the types that client libraries embed because of their names or as payloads of mutations."""


def test_the_headers_allowed_from_other_origins_are_documented() -> None:
    section = GUIDE.split("\n### Pages on another origin\n")[1].split("\n## ")[0]
    paragraph = section.split("requests from another origin may have\n")[1].split(";")[0]
    assert re.findall(r"`([^`]+)`", paragraph) == list(ALLOWED_HEADERS)


def test_the_types_without_an_id_are_documented() -> None:
    documented = re.findall(r"'(\w+)'", GUIDE.split("const embedded = [")[1].split("]")[0])
    without_id = {
        name
        for name, kind in SCHEMA.type_map.items()
        if isinstance(kind, GraphQLObjectType) and "id" not in kind.fields and not NEVER_KEYED.fullmatch(name)
    }
    assert documented == sorted(without_id)
