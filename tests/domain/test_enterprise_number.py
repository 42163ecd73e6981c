import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import enterprise_number
from domain.enterprise_number import EnterpriseNumberError, EnterpriseNumberFault

eights = st.integers(0, 19_999_999).map(lambda number: f"{number:08}")


def fault(text: str) -> EnterpriseNumberFault:
    with pytest.raises(EnterpriseNumberError) as raised:
        enterprise_number.normalised(text)
    return raised.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "0123456749",
        "0123.456.749",
        "BE0123456749",
        "BE 0123.456.749",
        "be 0123 456 749",
        " 0123-456/749 ",
        "0123 456 749",
    ],
)
def test_usual_notations_are_normalised(text: str) -> None:
    assert enterprise_number.normalised(text) == "0123456749"


@given(eights, st.integers(0, 99))
def test_the_check_digits_are_97_minus_the_rest_of_the_first_eight(eight: str, check: int) -> None:
    number = f"{eight}{check:02}"
    if check == 97 - int(eight) % 97:
        assert enterprise_number.normalised(number) == number
    else:
        assert fault(number) in EnterpriseNumberFault


@pytest.mark.parametrize("number", ["0000009700", "0000009698", "0000009599"])
def test_check_digits_that_no_number_has_are_refused(number: str) -> None:
    # Each is what the right check digits, 97, 01 and 02, are modulo 97.
    assert fault(number) is EnterpriseNumberFault.CHECK_DIGITS


@given(st.integers(20_000_000, 99_999_999))
def test_the_first_digit_is_0_or_1(eight: int) -> None:
    assert fault(f"{eight:08}{97 - eight % 97:02}") in EnterpriseNumberFault


@pytest.mark.parametrize(
    "text", ["", "BE", "123456749", "BE123456749", "(0)123456749", "01234567490", "O123456749", "9" * 6000]
)
def test_a_text_without_exactly_ten_digits_has_a_fault_of_format(text: str) -> None:
    assert fault(text) is EnterpriseNumberFault.FORMAT


@given(st.text() | st.text(alphabet="BE0123456789 .-/", max_size=16))
def test_any_text_is_normalised_to_ten_digits_or_refused_without_repeating_it(text: str) -> None:
    error = None
    try:
        digits = enterprise_number.normalised(text)
    except EnterpriseNumberError as raised:
        error = raised
    if error is None:
        assert digits.isascii()
        assert digits.isdecimal()
        assert len(digits) == 10
    else:
        assert str(error) == f"Not a valid enterprise number: {error.reason}."
        assert error.__cause__ is None


@given(eights)
def test_a_formatted_number_is_normalised_to_itself(eight: str) -> None:
    number = f"{eight}{97 - int(eight) % 97:02}"
    assert enterprise_number.normalised(enterprise_number.formatted(number)) == number


def test_a_number_is_formatted_with_dots() -> None:
    assert enterprise_number.formatted("0123456749") == "0123.456.749"
