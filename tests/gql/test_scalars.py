"""Values of scalars: each is read as what it says, or refused in words; what is told is read again."""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLScalarType, parse, validate
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.refusals import Findings
from domain.text_fields import MAX_EMAIL, optional_email
from gql.reading.core_schema import core_schema
from gql.reading.ids import from_global_id, global_id
from gql.schema import schema

# What clients can send in JSON: texts that come close to values, texts that don't, and everything else.
ANYTHING = st.one_of(
    st.text(),
    st.from_regex(r"[0-9]{1,5}-[0-9]{1,3}-[0-9]{1,3}([T ][0-9:.+-]{0,15}Z?)?"),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.lists(st.text(), max_size=2),
)


def scalar(name: str) -> Any:
    found = core_schema(schema).type_map[name]
    assert isinstance(found, GraphQLScalarType)
    return found


@pytest.mark.parametrize("name", ["Date", "DateTime", "EmailAddress", "EnterpriseNumber", "NationalNumber"])
@settings(max_examples=200)
@given(value=ANYTHING)
@example(value="0000-00-00")
@example(value="9999-12-31T24:00:00+99:99")
def test_a_value_is_read_or_refused_in_words(name: str, value: object):
    read: object = None
    with suppress(GraphQLError):
        read = scalar(name).coerce_input_value(value)

    assert read is None or isinstance(value, str)
    assert isinstance(read, date if name.startswith("Date") else str) or read is None


@settings(max_examples=200)
@given(day=st.dates(), moment=st.datetimes(timezones=st.just(UTC)))
def test_days_and_moments_are_told_as_they_are_read(day: date, moment: datetime):
    days, moments = scalar("Date"), scalar("DateTime")

    assert days.coerce_input_value(days.coerce_output_value(day)) == day
    assert moments.coerce_input_value(moments.coerce_output_value(moment)) == moment


@pytest.mark.parametrize(
    ("given_day", "said"),
    [
        ("20261127", "A day is expected, such as 2026-11-23."),
        ("2026-W48-5", "A day is expected, such as 2026-11-23."),
        ("2026-11-27T00:00:00Z", "A day is expected, such as 2026-11-23."),
        ("٢٠٢٦-11-27", "A day is expected, such as 2026-11-23."),
        (20261127, "A day is expected, such as 2026-11-23."),
        ("2027-02-29", "A day that exists is expected, such as 2026-11-23."),
        ("0000-01-01", "A day that exists is expected, such as 2026-11-23."),
    ],
)
def test_a_day_is_written_in_one_way(given_day: object, said: str):
    with pytest.raises(GraphQLError) as refused:
        scalar("Date").coerce_input_value(given_day)
    assert refused.value.message == said


@pytest.mark.parametrize(
    ("document", "said", "column"),
    [
        ('{ node(id: "x") { ... on Contract { access(asOf: "20261127") { totalCount } } } }', "A day is expected", 50),
        ("{ organisation(enterpriseNumber: 123) { id } }", "A text is expected.", 34),
        ("{ organisation(enterpriseNumber: {a: 1}) { id } }", "A text is expected.", 34),
    ],
)
def test_what_is_wrong_with_a_value_in_a_document_is_said_with_its_place(document: str, said: str, column: int):
    [error] = validate(core_schema(schema), parse(document))

    assert error.message.startswith(said)
    assert [(place.line, place.column) for place in error.locations or ()] == [(1, column)]


@settings(max_examples=200)
@given(text=st.one_of(st.emails(), st.text(), st.text(alphabet="a@.\u00e9\u200b\u0661 \r\n", max_size=40)))
@example(text="a" * 900_000 + "@b.example")
def test_an_address_is_taken_in_a_form_that_is_taken_again(text: str):
    findings = Findings()
    taken = optional_email(findings, text, "email")
    if taken is None:
        assert [refusal.path for refusal in findings.refusals] == [("email",)]
    else:
        assert optional_email(Findings(), taken) == taken
        assert (taken.count("@"), taken.isprintable(), len(taken) <= MAX_EMAIL) == (1, True, True)


@settings(max_examples=200)
@given(text=st.text(), kind=st.sampled_from(["Contract", "Group", "User"]), key=st.integers(1, 2**63 - 1))
@example(text="R3JvdXA6MDE=", kind="Group", key=1)
def test_an_id_names_one_row_and_one_row_has_one_id(text: str, kind: str, key: int):
    found = from_global_id(text)

    assert found is None or global_id(*found) == text
    assert from_global_id(global_id(kind, key)) == (kind, key)
