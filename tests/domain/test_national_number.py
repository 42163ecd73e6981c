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


def numbered(year: int, month: int, day: int, serial: int) -> str:
    """Eleven digits with the check digits that belong to them, by the definition in the domain's own words."""
    nine = f"{year % 100:02}{month:02}{day:02}{serial:03}"
    return f"{nine}{97 - int(('2' if year >= 2000 else '') + nine) % 97:02}"


def fault(text: str) -> NationalNumberFault:
    with pytest.raises(NationalNumberError) as refused:
        national_number.normalised(text)
    return refused.value.reason


@pytest.mark.parametrize(
    ("text", "digits", "born"),
    [
        ("85.07.30-033.28", "85073003328", date(1985, 7, 30)),
        ("85 07 30 033 28", "85073003328", date(1985, 7, 30)),
        ("17 07 30 033 84", "17073003384", date(2017, 7, 30)),
        ("98.47.28-997.65", "98472899765", date(1998, 7, 28)),
        ("01 49 07 001 85", "01490700185", date(2001, 9, 7)),
    ],
)
def test_numbers_in_usual_notations_are_read(text: str, digits: str, born: date) -> None:
    assert national_number.normalised(text) == digits
    assert national_number.birth_date(digits) == born


@given(births, serials, month_additions)
def test_every_number_that_can_be_given_is_taken_and_tells_the_birth_date(
    born: date, serial: int, addition: int
) -> None:
    number = numbered(born.year, born.month + addition, born.day, serial)
    assert national_number.normalised(number) == number
    assert national_number.birth_date(number) == born


@given(births, serials, month_additions, st.integers(0, 99))
def test_one_pair_of_check_digits_alone_is_right(born: date, serial: int, addition: int, check: int) -> None:
    number = numbered(born.year, born.month + addition, born.day, serial)
    other_century = numbered(born.year + (100 if born.year < 2000 else -100), born.month + addition, born.day, serial)
    tried = f"{number[:9]}{check:02}"
    assume(tried not in (number, other_century))
    assert fault(tried) is NationalNumberFault.CHECK_DIGITS


@given(st.integers(1930, 2025), serials, month_additions)
def test_an_unknown_month_or_day_is_allowed_and_gives_no_birth_date(year: int, serial: int, addition: int) -> None:
    for month, day in ((0, 0), (0, 1), (6, 0)):
        number = numbered(year, month + addition, day, serial)
        assert national_number.normalised(number) == number
        assert national_number.birth_date(number) is None


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1985, 2, 30), (1985, 2, 29), (1900, 2, 29), (1985, 4, 31), (1985, 24, 31), (1985, 44, 31), (1985, 7, 32),
     (1985, 7, 99), (1985, 0, 32), (1985, 13, 1), (1985, 33, 1), (1985, 53, 1), (1985, 60, 1), (1985, 67, 1),
     (1985, 99, 1)],
)  # fmt: skip
def test_an_impossible_day_or_month_is_refused(year: int, month: int, day: int) -> None:
    assert fault(numbered(year, month, day, 33)) is NationalNumberFault.BIRTH_DATE


@pytest.mark.parametrize(("year", "month"), [(1984, 2), (2000, 2), (2004, 22)])
def test_a_leap_day_is_possible(year: int, month: int) -> None:
    number = numbered(year, month, 29, 33)
    assert national_number.birth_date(national_number.normalised(number)) == date(year, 2, 29)


def test_nobody_is_born_later_than_today() -> None:
    # The library that reads years has begun none that this machine's own calendar hasn't.
    year = datetime.now().astimezone().year
    for month in range(1, 13):
        first = date(year, month, 1)
        number = numbered(year, month, 1, 33)
        if first <= datetime.now(BRUSSELS).date():
            assert national_number.normalised(number) == number
        else:
            assert fault(number) is NationalNumberFault.BIRTH_DATE


@given(births, month_additions, st.sampled_from([0, 999]))
def test_serial_numbers_that_nobody_gets_are_refused(born: date, addition: int, serial: int) -> None:
    number = numbered(born.year, born.month + addition, born.day, serial)
    assert fault(number) is NationalNumberFault.SERIAL


@given(st.text() | st.text(alphabet="0123456789 .-", max_size=20) | st.text("0123456789", min_size=11, max_size=11))
def test_anything_else_is_refused_by_name_and_never_repeated(text: str) -> None:
    refusal = None
    try:
        digits = national_number.normalised(text)
    except NationalNumberError as refused:
        refusal = refused
    if refusal is None:
        assert digits.isascii()
        assert digits.isdecimal()
        assert len(digits) == 11
    else:
        assert str(refusal) == f"Not a valid national register number: {refusal.reason}."
        assert refusal.__cause__ is None


@pytest.mark.parametrize("text", ["", "8507300332", "850730033280", "85073O03328", "٨٥٠٧٣٠٠٣٣٢٨", "0" * 11, "9" * 6000])
def test_what_is_no_number_at_all_is_a_fault_of_format(text: str) -> None:
    assert fault(text) is NationalNumberFault.FORMAT


@given(births, serials, month_additions)
def test_the_mask_hides_serial_and_check_digits(born: date, serial: int, addition: int) -> None:
    number = numbered(born.year, born.month + addition, born.day, serial)
    assert national_number.masked(number) == f"{number[:2]}.{number[2:4]}.{number[4:6]}-***.**"


def test_the_mask_as_the_manual_shows_it() -> None:
    assert national_number.masked("85073003328") == "85.07.30-***.**"
