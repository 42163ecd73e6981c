"""Values of scalars are parsed or refused with an error; serialised values parse back to themselves."""

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

# What clients can send in JSON: texts that resemble valid values, other texts, and other types.
ANYTHING = st.one_of(
    st.text(),
    st.from_regex(r"[0-9]{1,5}-[0-9]{1,3}-[0-9]{1,3}([T ][0-9:.+-]{0,15}Z?)?"),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.lists(st.text(), max_size=2),
)


def scalar(name: str) -> Any:
    scalar_type = core_schema(schema).type_map[name]
    assert isinstance(scalar_type, GraphQLScalarType)
    return scalar_type


@pytest.mark.parametrize("name", ["Date", "DateTime", "EmailAddress", "EnterpriseNumber", "NationalNumber"])
@settings(max_examples=200)
@given(value=ANYTHING)
@example(value="0000-00-00")
@example(value="9999-12-31T24:00:00+99:99")
def test_a_value_is_parsed_or_refused_with_a_graphql_error(name: str, value: object):
    parsed: object = None
    with suppress(GraphQLError):
        parsed = scalar(name).coerce_input_value(value)

    assert parsed is None or isinstance(value, str)
    assert isinstance(parsed, date if name.startswith("Date") else str) or parsed is None


@settings(max_examples=200)
@given(day=st.dates(), moment=st.datetimes(timezones=st.just(UTC)))
def test_dates_and_times_parse_back_to_themselves(day: date, moment: datetime):
    dates, times = scalar("Date"), scalar("DateTime")

    assert dates.coerce_input_value(dates.coerce_output_value(day)) == day
    assert times.coerce_input_value(times.coerce_output_value(moment)) == moment


@pytest.mark.parametrize(
    ("value", "message"),
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
def test_a_date_has_only_one_notation(value: object, message: str):
    with pytest.raises(GraphQLError) as refusal:
        scalar("Date").coerce_input_value(value)
    assert refusal.value.message == message


@pytest.mark.parametrize(
    ("document", "message_start", "column"),
    [
        ('{ node(id: "x") { ... on Contract { access(asOf: "20261127") { totalCount } } } }', "A day is expected", 50),
        ("{ organisation(enterpriseNumber: 123) { id } }", "A text is expected.", 34),
        ("{ organisation(enterpriseNumber: {a: 1}) { id } }", "A text is expected.", 34),
    ],
)
def test_an_invalid_literal_is_reported_with_its_location(document: str, message_start: str, column: int):
    [error] = validate(core_schema(schema), parse(document))

    assert error.message.startswith(message_start)
    assert [(location.line, location.column) for location in error.locations or ()] == [(1, column)]


@settings(max_examples=200)
@given(text=st.one_of(st.emails(), st.text(), st.text(alphabet="a@.\u00e9\u200b\u0661 \r\n", max_size=40)))
@example(text="a" * 900_000 + "@b.example")
def test_a_normalised_email_address_is_accepted_unchanged(text: str):
    findings = Findings()
    normalised = optional_email(findings, text, "email")
    if normalised is None:
        assert [refusal.path for refusal in findings.refusals] == [("email",)]
    else:
        assert optional_email(Findings(), normalised) == normalised
        assert (normalised.count("@"), normalised.isprintable(), len(normalised) <= MAX_EMAIL) == (1, True, True)


@settings(max_examples=200)
@given(text=st.text(), kind=st.sampled_from(["Contract", "Group", "User"]), key=st.integers(1, 2**63 - 1))
@example(text="R3JvdXA6MDE=", kind="Group", key=1)
def test_global_ids_and_rows_correspond_one_to_one(text: str, kind: str, key: int):
    type_and_key = from_global_id(text)

    assert type_and_key is None or global_id(*type_and_key) == text
    assert from_global_id(global_id(kind, key)) == (kind, key)
