"""What docs/clients.md says to client developers is what the API does."""

import re
from pathlib import Path

from gql.http.security import ALLOWED_HEADERS

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")


def test_every_header_that_a_page_on_another_origin_may_send_is_there() -> None:
    section = GUIDE.split("\n### Pages on another origin\n")[1].split("\n## ")[0]
    paragraph = section.split("requests from another origin may have\n")[1].split(";")[0]
    assert re.findall(r"`([^`]+)`", paragraph) == list(ALLOWED_HEADERS)
