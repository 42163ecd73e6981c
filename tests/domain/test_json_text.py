"""JSON is made of whatever there is."""

import json
from typing import Any

import pytest

from domain.json_text import json_text


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (("a", 1, None), '["a",1,null]'),
        ({"naam": "Zoë"}, '{"naam":"Zoë"}'),
        (["\ud83d"], '["\\ud83d"]'),
        ([2**70, "é"], '[1180591620717411303424, "\\u00e9"]'),
    ],
)
def test_it_reads_as_what_it_was_made_of(told: Any, text: str):
    assert json_text(told) == text
    assert json.loads(text) == json.loads(json.dumps(told))


def test_what_is_no_json_is_written_as_is_said_or_refused():
    assert json_text([{1}, "\ud83d"], default=repr) == '["{1}", "\\ud83d"]'
    with pytest.raises(TypeError):
        json_text([{1}])
