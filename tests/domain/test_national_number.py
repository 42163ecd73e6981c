from datetime import date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain import national_number
from domain.days import BRUSSELS
from domain.national_number import NationalNumberError, NationalNumberFault

FIRST_DAY, LAST_DAY = date(1930, 1, 1), date(2025, 12, 31)
births = st.dates(FIRST_DAY, LAST_DAY)
serials = st.integers(1, 998)
month_additions = st.sampled_from([0, 20, 40])


def a_number(year: int, month: int, day: int, serial: int) -> str:
    """Eleven digits with valid check digits, by the definition of the domain."""
    nine = f"{year % 100:02}{month:02}{day:02}{serial:03}"
    return f"{nine}{97 - int(('2' if year >= 2000 else '') + nine) % 97:02}"


def fault(text: str) -> NationalNumberFault:
    with pytest.raises(NationalNumberError) as raised:
        national_number.normalised(text)
    return raised.value.reason


@pytest.mark.parametrize(
    ("text", "digits", "birth_date"),
    [
        ("85.07.30-033.28", "85073003328", date(1985, 7, 30)),
        ("85 07 30 033 28", "85073003328", date(1985, 7, 30)),
        ("17 07 30 033 84", "17073003384", date(2017, 7, 30)),
        ("98.47.28-997.65", "98472899765", date(1998, 7, 28)),
        ("01 49 07 001 85", "01490700185", date(2001, 9, 7)),
    ],
)
def test_usual_notations_are_normalised(text: str, digits: str, birth_date: date) -> None:
    assert national_number.normalised(text) == digits
    assert national_number.birth_date(digits) == birth_date


@given(births, serials, month_additions)
def test_every_possible_number_is_valid_and_contains_the_birth_date(
    birth_date: date, serial: int, addition: int
) -> None:
    number = a_number(birth_date.year, birth_date.month + addition, birth_date.day, serial)
    assert national_number.normalised(number) == number
    assert national_number.birth_date(number) == birth_date


@given(births, serials, month_additions, st.integers(0, 99))
def test_other_check_digits_are_refused(birth_date: date, serial: int, addition: int, check: int) -> None:
    number = a_number(birth_date.year, birth_date.month + addition, birth_date.day, serial)
    other_century = a_number(
        birth_date.year + (100 if birth_date.year < 2000 else -100), birth_date.month + addition, birth_date.day, serial
    )
    candidate = f"{number[:9]}{check:02}"
    assume(candidate not in (number, other_century))
    assert fault(candidate) is NationalNumberFault.CHECK_DIGITS


@given(st.integers(1930, 2025), serials, month_additions)
def test_an_unknown_month_or_day_is_valid_and_gives_no_birth_date(year: int, serial: int, addition: int) -> None:
    for month, day in ((0, 0), (0, 1), (6, 0)):
        number = a_number(year, month + addition, day, serial)
        assert national_number.normalised(number) == number
        assert national_number.birth_date(number) is None


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1985, 2, 30), (1985, 2, 29), (1900, 2, 29), (1985, 4, 31), (1985, 24, 31), (1985, 44, 31), (1985, 7, 32),
     (1985, 7, 99), (1985, 0, 32), (1985, 13, 1), (1985, 33, 1), (1985, 53, 1), (1985, 60, 1), (1985, 67, 1),
     (1985, 99, 1)],
)  # fmt: skip
def test_an_impossible_day_or_month_is_refused(year: int, month: int, day: int) -> None:
    assert fault(a_number(year, month, day, 33)) is NationalNumberFault.BIRTH_DATE


@pytest.mark.parametrize(("year", "month"), [(1984, 2), (2000, 2), (2004, 22)])
def test_a_leap_day_is_valid(year: int, month: int) -> None:
    number = a_number(year, month, 29, 33)
    assert national_number.birth_date(national_number.normalised(number)) == date(year, 2, 29)


def test_a_birth_date_after_today_is_refused() -> None:
    # The library compares the year with that of this machine's own time zone.
    year = datetime.now().astimezone().year
    for month in range(1, 13):
        first = date(year, month, 1)
        number = a_number(year, month, 1, 33)
        if first <= datetime.now(BRUSSELS).date():
            assert national_number.normalised(number) == number
        else:
            assert fault(number) is NationalNumberFault.BIRTH_DATE


@given(births, month_additions, st.sampled_from([0, 999]))
def test_serial_numbers_that_are_never_issued_are_refused(birth_date: date, addition: int, serial: int) -> None:
    number = a_number(birth_date.year, birth_date.month + addition, birth_date.day, serial)
    assert fault(number) is NationalNumberFault.SERIAL


@given(st.text() | st.text(alphabet="0123456789 .-", max_size=20) | st.text("0123456789", min_size=11, max_size=11))
def test_any_text_is_normalised_to_eleven_digits_or_refused_without_repeating_it(text: str) -> None:
    error = None
    try:
        digits = national_number.normalised(text)
    except NationalNumberError as raised:
        error = raised
    if error is None:
        assert digits.isascii()
        assert digits.isdecimal()
        assert len(digits) == 11
    else:
        assert str(error) == f"Not a valid national register number: {error.reason}."
        assert error.__cause__ is None


@pytest.mark.parametrize("text", ["", "8507300332", "850730033280", "85073O03328", "٨٥٠٧٣٠٠٣٣٢٨", "0" * 11, "9" * 6000])
def test_a_text_without_exactly_eleven_digits_has_a_fault_of_format(text: str) -> None:
    assert fault(text) is NationalNumberFault.FORMAT


@given(births, serials, month_additions)
def test_the_mask_hides_serial_and_check_digits(birth_date: date, serial: int, addition: int) -> None:
    number = a_number(birth_date.year, birth_date.month + addition, birth_date.day, serial)
    assert national_number.masked(number) == f"{number[:2]}.{number[2:4]}.{number[4:6]}-***.**"


def test_the_mask_of_the_example_in_the_manual() -> None:
    assert national_number.masked("85073003328") == "85.07.30-***.**"
