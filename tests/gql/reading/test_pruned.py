"""What is known to be no before it is asked."""

import pytest

from gql.reading.pruned import pruned


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a or exists (select from t where t.id = 1 and false)", "a or false"),
        ("exists (select from t where false and t.id = now())", "false"),
        ("exists (select from t join u on u.id = t.id and false where t.id = 1)", "false"),
        ("exists (select from t where exists (select from u where false) and t.id in (1, 2))", "false"),
        (
            "(exists (select from t where false)) or exists (select from u where u.id = 1)",
            "(false) or exists (select from u where u.id = 1)",
        ),
    ],
    ids=["one of several", "the first", "of a join", "inside another", "beside another"],
)
def test_what_no_row_meets_is_left_out(text: str, left: str):
    assert pruned(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "exists (select from t where t.id = 1)",
        "exists (select from t where t.open and false or t.id = 1)",
        "exists (select from t where t.id = 1 and (false or t.open))",
        "exists (select from t where false is not true)",
        "exists (select from t left join u on u.id = t.id and false where t.id = 1)",
        "exists (select count(*) from t where false)",
        "exists (select from t where t.open and false union all select from u)",
        "exists (select from t where case when t.open then t.id = 1 and false end)",
        "exists (select from t where t.open = false and t.id = 1)",
    ],
)
def test_what_a_row_may_meet_stays(text: str):
    assert pruned(text) == text
