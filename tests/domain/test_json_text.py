"""JSON texts of any value, also of those that the fast encoder refuses."""

import json
from typing import Any

import pytest

from domain.json_text import json_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (("a", 1, None), '["a",1,null]'),
        ({"naam": "Zoë"}, '{"naam":"Zoë"}'),
        (["\ud83d"], '["\\ud83d"]'),
        ([2**70, "é"], '[1180591620717411303424, "\\u00e9"]'),
    ],
)
def test_a_value_is_encoded_as_by_the_standard_library(value: Any, text: str):
    assert json_text(value) == text
    assert json.loads(text) == json.loads(json.dumps(value))


def test_other_objects_are_encoded_by_the_default_function():
    assert json_text([{1}, "\ud83d"], default=repr) == '["{1}", "\\ud83d"]'


def test_other_objects_are_refused_without_a_default_function():
    with pytest.raises(TypeError):
        json_text([{1}])
